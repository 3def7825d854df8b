import numpy as np

cases = {
    "soft symbols": (np.random.default_rng(11).normal(size=22), 4.0),
    "counted": (np.arange(1.0, 13.0), 3.0),
    "one row": (np.random.default_rng(12).normal(size=7), 1.0),
}
