import numpy as np

r = np.random.default_rng(21)
cases = {
    "four shots": (
        r.normal(size=(9, 5, 4)),
        np.abs(np.arange(5.0)[:, None] * 25.0 - np.array([0.0, 30.0, 60.0, 90.0])),
        55.0,
    ),
    "one shot": (r.normal(size=(6, 7, 1)), np.arange(7.0)[:, None] * 10.0, 35.0),
}
