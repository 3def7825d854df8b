import numpy as np

cases = {
    "zeros": (np.array([1.5, 0.0, 2.25, 0.0, 4.0]),),
    "none": (np.array([1.0, 2.5]),),
    "later": (np.array([3.5, 0.25, 0.0, 8.5]),),
}
