import numpy as np

cases = {
    "network": (
        np.array([3.0, 1.0, 3.0, 7.0, 1.0, 3.0, 2.0]),
        np.array([11.2, 9.75, 11.9, -99.0, 10.1, 12.4, 8.3]),
        np.array([0.0, 0.5, 1.25, 1.5, 2.75, 3.0, 3.25]),
    ),
    "once each": (
        np.array([4.0, 2.0, 9.0]),
        np.array([1.0, 5.0, 6.0]),
        np.array([0.0, 1.0, 2.0]),
    ),
}
