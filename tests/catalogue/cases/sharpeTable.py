import numpy as np

r = np.random.default_rng(101)
cases = {
    "daily": (0.0004 + 0.01 * r.normal(size=(40, 3)), 0.02),
    "monthly": (0.005 + 0.04 * r.normal(size=(12, 2)), 0.01, 12.0),
}
