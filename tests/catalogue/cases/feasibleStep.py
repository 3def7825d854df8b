import numpy as np

cases = {
    "one bound": (
        np.array([0.31, 0.55, 0.72]),
        np.array([0.4, 1.9, -0.3]),
        np.zeros(3),
        np.ones(3),
    ),
    "inside": (np.array([1.0, 2.0]), np.array([0.25, -0.5]), np.zeros(2), np.full(2, 4.0)),
    "outside": (np.array([3.5, -2.25]), np.array([1.0, -1.0]), np.zeros(2), np.full(2, 2.0)),
}
