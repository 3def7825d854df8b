import numpy as np

cases = {
    "three": (np.array([1.0, 2.0, 2.0, 5.0]),),
    "two": (np.array([7.0, 8.0]),),
    "one of them seen": (np.array([1.0, 9.0]),),
}
