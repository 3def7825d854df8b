import numpy as np


def weightedSpread(x, w):
    m = np.average(x, weights=w)
    return m, np.sqrt(np.mean((x - m) ** 2))
