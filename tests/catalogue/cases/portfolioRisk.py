import numpy as np

r = np.random.default_rng(121)
market = r.normal(size=(30, 1))
cases = {
    "four assets": (0.01 * (market + r.normal(size=(30, 4)) * np.array([0.5, 1.0, 1.5, 2.0])),),
    "in cents": (np.array([[3.0, 1.0], [-2.0, 4.0], [5.0, 0.0], [1.0, -3.0], [0.0, 2.0]]),),
}
