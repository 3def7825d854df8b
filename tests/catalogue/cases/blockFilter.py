import numpy as np

_x = np.random.default_rng(17).normal(size=23) + 0.75

cases = {
    "low pass": (np.array([0.2, 0.35, 0.1]), np.array([1.0, -0.52, 0.17]), _x, 8.0),
    "smoother": (np.array([0.3]), np.array([1.0, -0.7]), np.array([4.0, 4.0, 8.0, 0.0, 2.0]), 2.0),
}
