import numpy as np

r = np.random.default_rng(57)
cases = {"four": (r.uniform(5, 9, 4), r.uniform(1, 4, 4), r.uniform(1, 2, 4)), "one": (7.5, 2.25, 1.5)}
