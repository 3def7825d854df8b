import numpy as np

r = np.random.default_rng(231)
cases = {
    "cloud": (r.normal(size=(30, 2)), 0.8),
    "all positive": (r.uniform(0.0, 4.0, size=(20, 3)), 2.0),
    "lattice": (np.array([[-3.0, 1.0], [-1.0, 2.0], [0.0, 0.0], [1.0, -1.0], [3.0, 1.0]]), 2.0),
}
