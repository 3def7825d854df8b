import numpy as np

cases = {
    "visits": (np.array([3.0, 1.0, 3.0, 2.0, 1.0, 3.0]),),
    "two": (np.array([5.0, 5.0, 7.0]),),
}
