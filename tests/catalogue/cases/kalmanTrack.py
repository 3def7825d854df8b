import numpy as np

r = np.random.default_rng(381)
cases = {
    "cart": (0.8 * np.arange(12.0) + 0.3 * r.normal(size=12), 0.5, 0.05, 0.09),
    "counted": (np.array([0.0, 1.0, 3.0, 4.0, 6.0]), 1.0, 1.0, 4.0),
}
