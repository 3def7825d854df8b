import numpy as np

_r = np.random.default_rng(8)

cases = {
    "even": (_r.gamma(3.0, 4.0, size=24), 4.0),
    "odd": (_r.gamma(3.0, 4.0, size=20), 5.0),
    "counts": (_r.poisson(30.0, size=15).astype(float), 6.0),
}
