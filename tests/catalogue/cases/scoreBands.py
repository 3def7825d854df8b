import numpy as np

cases = {
    "full marks": (
        np.array([55.0, 100.0, 71.0, 88.0, 100.0, 40.0, 71.0, 100.0]),
        np.array([0.0, 50.0, 70.0, 85.0, 100.0]),
    ),
    "points": (
        np.array([3.25, 7.4, 5.0, np.nan, 8.125, 6.7, 9.9]),
        np.array([0.0, 2.5, 5.0, 7.5, 10.0]),
    ),
}
