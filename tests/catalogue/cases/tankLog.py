import numpy as np

cases = {
    "storm": (np.array([1.25, 3.4, 6.1, 2.2, 0.0, 0.75]), 8.0, 0.06),
    "overflow": (np.array([2.0, 2.0, 3.0, 1.0]), 4.0, 0.0),
    "one hour": (np.array([3.5]), 5.0, 0.1),
}
