import numpy as np

_k = np.arange(32.0)
_r = np.random.default_rng(2)

cases = {
    "tone": (
        1.7 * np.sin(2 * np.pi * 3 * _k / 32 + 0.4)
        + 0.21 * np.cos(2 * np.pi * 6 * _k / 32)
        + 0.02 * _r.normal(size=32),
        800.0,
    ),
    "odd": (np.array([1.0, 4.0, -2.0, 3.0, 0.0, -5.0, 2.0, 2.0, -1.0]), 9.0),
}
