import numpy as np


def slopeOf(x, y):
    s = np.diff(x) / np.diff(y)
    return s, s.mean()
