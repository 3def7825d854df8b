import numpy as np

r = np.random.default_rng(53)
cases = {"six": (100.0, r.uniform(0, 0.1, 6)), "three": (2.0, np.array([0.5, 0.25, -0.5]))}
