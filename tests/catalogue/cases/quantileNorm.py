import numpy as np

r = np.random.default_rng(181)
cases = {
    "probes": (r.gamma(2.0, 3.0, size=(9, 4)),),
    "counts with ties": (np.array([[5.0, 4.0, 3.0], [2.0, 1.0, 4.0], [3.0, 4.0, 6.0]]),),
}
