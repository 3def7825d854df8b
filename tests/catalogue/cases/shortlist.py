import numpy as np

cases = {
    "ties": (np.array([71.0, 85.0, 64.0, 85.0, 71.0, 92.0, 71.0]), 4.0, 60.0),
    "distinct": (np.array([3.25, 7.75, 6.125, 4.5, 9.0]), 3.0, 5.0),
}
