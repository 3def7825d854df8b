import numpy as np

r = np.random.default_rng(48)
cases = {
    "noise": (r.normal(size=9), r.uniform(0.5, 2.0, 9)),
    "counts": (r.normal(size=4), np.array([1.0, 2.0, 3.0, 4.0])),
}
