import numpy as np

_r = np.random.default_rng(3)
_a = _r.normal(size=(7, 2))

cases = {
    "collinear": (np.column_stack([_a, _a @ [1.5, -0.25]]), np.array([2.0e6, 3.1e6, 4.5e6])),
    "full rank": (_r.normal(size=(5, 3)), np.array([1.0, 2.0, 0.5])),
    "zero": (np.zeros((3, 2)), np.array([1.0, 1.0])),
}
