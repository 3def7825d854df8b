import numpy as np

r = np.random.default_rng(401)
X = r.normal(size=(14, 3))
cases = {
    "measured": (X, X @ np.array([1.5, -0.7, 0.2]) + 0.2 * r.normal(size=14), 0.8),
    "whole": (
        np.array([[1.0, 2.0], [1.0, 3.0], [1.0, 5.0], [1.0, 8.0]]),
        np.array([2.0, 3.0, 7.0, 9.0]),
        1.0,
    ),
}
