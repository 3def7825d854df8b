import numpy as np

cases = {
    "suspension": (
        np.array([1.2, 0.85, 2.3, 1.6]),
        np.array([0.9, 7.5, 1.15, 0.0]),
        np.array([14.5, 6.25, 40.0, 9.9]),
    ),
    "overdamped": (np.array([1.0, 2.0]), np.array([5.0, 9.0]), np.array([4.0, 7.0])),
}
