import numpy as np

_r = np.random.default_rng(14)

cases = {
    "three assets": (
        _r.normal(size=(6, 3)),
        np.array([100.0, 45.5, 12.25]),
        np.array([0.22, 0.31, 0.18]),
        np.array([[1.0, 0.55, 0.2], [0.55, 1.0, -0.3], [0.2, -0.3, 1.0]]),
        0.25,
    ),
    "independent": (
        _r.normal(size=(4, 2)),
        np.array([10.0, 20.0]),
        np.array([0.5, 0.25]),
        np.eye(2),
        1.0,
    ),
}
