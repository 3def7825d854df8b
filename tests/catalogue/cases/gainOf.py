import numpy as np

r = np.random.default_rng(54)
cases = {"five": (r.uniform(1, 9, 5), r.uniform(1, 9, 5)), "two": (r.uniform(1, 9, 2), r.uniform(1, 9, 2))}
