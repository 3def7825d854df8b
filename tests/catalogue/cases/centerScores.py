import numpy as np

r = np.random.default_rng(201)
cases = {
    "group": (np.vstack([r.normal(size=(8, 3)), [[14.0, 9.5, -11.0]]]),),
    "one person": (np.array([[71.5, 64.0, 80.25, 58.5]]),),
    "marks": (np.array([[3.0, 5.0], [4.0, 1.0], [2.0, 6.0]]),),
}
