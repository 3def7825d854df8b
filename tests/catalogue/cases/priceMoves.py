import numpy as np

r = np.random.default_rng(171)
cases = {
    "three assets": (80.0 * np.exp(0.02 * r.normal(size=(15, 3)).cumsum(axis=0)),),
    "one asset": (np.array([100.0, 104.0, 103.0, 98.0, 99.0, 101.0]),),
    "one asset, real": (25.0 + r.normal(size=9),),
}
