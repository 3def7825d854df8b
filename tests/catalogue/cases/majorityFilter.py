import numpy as np

_r = np.random.default_rng(4)

cases = {
    "land use": (_r.integers(1, 5, size=(6, 5)).astype(float), 1.0),
    "two classes": (np.where(np.arange(25.0).reshape(5, 5) % 7 == 0, 2.0, 1.0), 1.0),
}
