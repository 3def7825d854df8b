import numpy as np

r = np.random.default_rng(56)
cases = {"nine": (9 * r.normal(size=9),), "five": (4 * r.normal(size=5),)}
