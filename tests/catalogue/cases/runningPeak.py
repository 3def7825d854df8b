import numpy as np

cases = {
    "rising": (np.array([1.5, 0.25, 3.75, 3.0]),),
    "falling": (np.array([5.0, 4.5, 1.0]),),
}
