import numpy as np

r = np.random.default_rng(251)
cases = {
    "bright": (
        r.integers(100, 256, size=(5, 6)).astype(np.uint8),
        r.integers(0, 120, size=(5, 6)).astype(np.uint8),
    ),
    "dark": (
        r.integers(0, 90, size=(4, 5)).astype(np.uint8),
        r.integers(0, 60, size=(4, 5)).astype(np.uint8),
    ),
}
