import numpy as np

r = np.random.default_rng(331)
a = r.normal(size=(7, 4))
cases = {
    "four": (a.T @ a,),
    "three, whole": (np.array([[4.0, 2.0, 2.0], [2.0, 10.0, 7.0], [2.0, 7.0, 21.0]]), 1e-6),
    "two": (np.array([[2.0, 0.5], [0.5, 1.0]]),),
}
