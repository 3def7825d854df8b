import numpy as np

_r = np.random.default_rng(41)

cases = {
    "orbit": (_r.normal(size=(3, 3)), _r.normal(size=(3, 3)), np.array([0.02, -0.11, 0.07])),
    "axes": (
        np.diag([2.0, 0.0, 1.0]),
        np.array([[0.0, 1.0, 3.0], [1.0, 0.0, 0.0], [2.0, 2.0, 1.0]]),
        np.array([1.0, 1.0, 2.0]),
    ),
}
