import numpy as np

r = np.random.default_rng(41)
cases = {
    "cube": (r.uniform(size=(3, 3, 3)), 2.5),
    "large": (r.uniform(size=(4, 4, 4)), 0.5),
}
