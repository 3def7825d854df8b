import numpy as np

cases = {
    "three blocks": (np.array([2.0, 1.0, 3.0]), np.array([0.85, 1.2, 1.55]), 3.0, 0.35),
    "one block": (np.array([1.0, 3.0, 2.0]), np.array([1.0, 2.0, 4.0]), 1.0, 5.0),
}
