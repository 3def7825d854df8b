import numpy as np

_r = np.random.default_rng(11)

cases = {
    "audio": (np.sort(_r.uniform(20.0, 2000.0, 40)), _r.gamma(2.0, size=40), 1.0),
    "whole": (np.arange(10.0), np.array([0.0, 3.0, 1.0, 4.0, 1.0, 5.0, 9.0, 2.0, 6.0, 5.0]), 2.0),
}
