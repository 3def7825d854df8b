import numpy as np

cases = {
    "nitrate": (
        np.array([0.0, 0.5, 1.0, 2.0, 4.0, 8.0]),
        np.array([0.012, 0.071, 0.131, 0.244, 0.455, 0.803]),
        np.array([0.15, 0.33, 0.6]),
    ),
    "steps": (
        np.array([1.0, 2.0, 3.0, 4.0, 5.0]),
        np.array([2.0, 5.0, 7.0, 10.0, 11.0]),
        np.array([4.0, 6.0]),
    ),
}
