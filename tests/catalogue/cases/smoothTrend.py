import numpy as np

r = np.random.default_rng(47)
cases = {
    "three": (r.normal(size=10), np.array([1.0, 2.0, 1.0])),
    "two": (r.normal(size=6), np.array([0.5, 1.5])),
}
