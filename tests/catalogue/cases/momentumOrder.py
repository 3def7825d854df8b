import numpy as np

r = np.random.default_rng(62)
cases = {
    "three": (r.normal(size=3), r.normal(size=3), r.normal(size=3)),
    "two": (r.normal(size=2), r.normal(size=2), r.normal(size=2)),
}
