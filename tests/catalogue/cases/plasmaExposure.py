import numpy as np

cases = {
    "oral dose": (
        np.array([0.0, 0.5, 1.0, 2.0, 4.0, 8.0, 12.0]),
        np.array([0.05, 2.15, 3.4, 3.1, 1.95, 0.82, 0.36]),
        3.0,
    ),
    "rising": (np.array([0.0, 1.0, 2.0, 3.0]), np.array([1.0, 2.0, 4.0, 7.0]), 2.0),
}
