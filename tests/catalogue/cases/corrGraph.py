import numpy as np

r = np.random.default_rng(131)
cases = {
    "as many rows as columns": (r.normal(size=(6, 2)) @ r.normal(size=(2, 6)) + 1.0, 0.4),
    "long": (r.normal(size=(25, 5)) @ r.normal(size=(5, 5)), 0.3),
}
