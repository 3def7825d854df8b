import numpy as np

r = np.random.default_rng(63)
cases = {
    "four": (r.normal(size=4), r.uniform(0.5, 2.0, 4)),
    "two": (r.normal(size=2), r.uniform(0.5, 2.0, 2)),
}
