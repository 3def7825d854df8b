import numpy as np

r = np.random.default_rng(341)
cases = {
    "swaps": (r.normal(size=(4, 4)), r.normal(size=4)),
    "none needed": (np.array([[9.0, 1.0, 2.0], [1.0, 8.0, 3.0], [2.0, 1.0, 7.0]]), np.ones(3)),
    "zero on the diagonal": (np.array([[0.0, 2.0], [3.0, 1.0]]), np.array([4.0, 5.0])),
}
