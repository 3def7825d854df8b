import numpy as np

r = np.random.default_rng(55)
cases = {"six": (r.uniform(1, 9, 6), r.normal(size=6), 0.3), "three": (r.uniform(1, 9, 3), 2.5, 0.125)}
