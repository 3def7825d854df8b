import numpy as np

r = np.random.default_rng(52)
cases = {"six": (r.uniform(1, 9, 6), 1.5, 0.25), "four": (r.uniform(1, 9, 4), 0.75, -2.5)}
