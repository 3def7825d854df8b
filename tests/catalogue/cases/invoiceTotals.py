import numpy as np

cases = {
    "halves": (
        np.array([5.0, 25.0, 65.0, 1000.0]),
        np.array([25.0, 25.0, 125.0, 3.0]),
        np.array([0.0, 0.0, 0.0, 0.0]),
        np.array([7.0, 7.0, 19.0, 19.0]),
    ),
    "discounts": (
        np.array([300.0, 125.0, 2200.0]),
        np.array([1999.75, 749.25, 85.1]),
        np.array([10.0, 0.0, 5.0]),
        np.array([19.0, 7.0, 19.0]),
    ),
}
