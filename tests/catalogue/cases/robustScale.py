import numpy as np

r = np.random.default_rng(301)
full = r.normal(size=(9, 3)) * np.array([1.0, 5.0, 20.0]) + 3.0
holes = full.copy()
holes[2, 0] = holes[5, 2] = holes[6, 2] = np.nan
cases = {
    "missing": (holes,),
    "complete": (full,),
    "constant column": (np.array([[1.0, 4.0], [1.0, 7.0], [1.0, 5.0], [1.0, 2.0]]),),
}
