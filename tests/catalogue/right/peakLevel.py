import numpy as np


def peakLevel(x, level):
    peak = np.max(np.abs(x))
    return x / peak * level
