import numpy as np

_r = np.random.default_rng(12)

cases = {
    "measured": (_r.normal(size=(4, 3)), 0.5, 0.8),
    "two charges": (
        np.array([[0.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, -2.0]]),
        1.0,
        1.0,
    ),
}
