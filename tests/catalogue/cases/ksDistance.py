import numpy as np

_r = np.random.default_rng(21)

cases = {
    "measured": (_r.normal(size=14), _r.normal(0.9, 1.4, size=11)),
    "counts": (
        np.array([3.0, 1.0, 4.0, 1.0, 5.0, 2.0, 2.0]),
        np.array([2.0, 7.0, 4.0, 4.0, 8.0]),
    ),
}
