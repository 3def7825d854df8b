import numpy as np

r = np.random.default_rng(51)
cases = {
    "knock": (np.concatenate([0.1 * r.normal(size=20), r.normal(size=30)]), 8.0, 4.0, 0.3),
    "steps": (np.array([0.0, 0.0, 1.0, 0.0, 2.0, 2.0, 5.0, 1.0, 7.0]), 3.0, 1.0, 0.5),
}
