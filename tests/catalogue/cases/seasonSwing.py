import numpy as np

r = np.random.default_rng(361)
t = np.arange(24.0)
cases = {
    "quarters": (5.0 + 0.3 * t + np.tile([1.0, -0.5, 0.2, -0.7], 6) + 0.1 * r.normal(size=24), 4.0),
    "sales": (np.array([12.0, 15.0, 11.0, 14.0, 18.0, 13.0, 17.0, 20.0, 16.0]), 3.0),
}
