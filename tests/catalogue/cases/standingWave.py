import numpy as np

cases = {
    "square": (
        np.array([0.35, 1.1, 1.9, 2.65]),
        np.array([0.2, 0.9, 1.75, 2.5]),
        1.3,
        2.1,
        0.05,
    ),
    "oblong": (np.array([0.5, 1.0, 2.0]), np.array([1.0, 1.5]), 2.0, 1.0, 0.125),
}
