import numpy as np

cases = {
    "weights": (
        ["apples", "flour", "tea", "salt"],
        np.array([2.5, 4.0, 0.125, 0.0]),
        np.array([3.1, 0.95, 42.8, 1.0]),
    ),
    "pieces": (
        ["bolt", "nut", "washer"],
        np.array([12.0, 12.0, 24.0]),
        np.array([0.25, 0.1, 0.05]),
    ),
}
