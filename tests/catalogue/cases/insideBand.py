import numpy as np

r = np.random.default_rng(51)
cases = {"twelve": (r.normal(size=12), 0.25, 0.8), "five": (r.normal(size=5), 0.0, 1.0)}
