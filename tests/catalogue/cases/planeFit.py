import numpy as np

_r = np.random.default_rng(31)
_xy = _r.uniform(-4.0, 4.0, size=(15, 2))
_z = 0.8 * _xy[:, 0] - 0.35 * _xy[:, 1] + 2.0 + 0.3 * _r.normal(size=15)

cases = {
    "roof": (np.column_stack([_xy, _z]),),
    "corners": (
        np.array(
            [[0.0, 0.0, 1.0], [4.0, 0.0, 2.0], [4.0, 3.0, 5.0], [0.0, 3.0, 3.0], [2.0, 1.0, 2.0]]
        ),
    ),
}
