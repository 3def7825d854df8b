import numpy as np

_r = np.random.default_rng(23)
_X = _r.normal(size=(12, 2))

cases = {
    "yield": (_X, 1.5 + _X @ np.array([2.0, -0.7]) + 0.4 * _r.normal(size=12)),
    "whole": (
        np.array([[1.0, 2.0], [2.0, 1.0], [3.0, 5.0], [4.0, 3.0], [5.0, 8.0]]),
        np.array([3.0, 4.0, 9.0, 8.0, 14.0]),
    ),
}
