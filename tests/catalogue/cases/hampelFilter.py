import numpy as np

_r = np.random.default_rng(19)
_x = np.cumsum(_r.normal(size=22))
_x[[1, 9, 20]] += np.array([9.0, -11.0, 8.0])

cases = {
    "drift": (_x, 3.0, 2.5),
    "inner": (np.array([2.0, 2.5, 3.0, 30.0, 3.5, 4.0, 4.5, 5.0, 5.5]), 2.0, 3.0),
}
