import numpy as np

_i = np.arange(10.0)
_A = np.exp(-((_i[:, None] - _i[None, :]) ** 2) / 3.0)
_x = np.maximum(np.sin(_i), 0.0)
_b = _A @ _x + 0.01 * np.random.default_rng(1).normal(size=10)

cases = {
    "blur": (_A, _b, 12.0, 0.0),
    "rank one": (np.outer([1.0, 2.0, 2.0], [2.0, 1.0]), np.array([4.0, 7.0, 9.0]), 3.0, -1.0),
}
