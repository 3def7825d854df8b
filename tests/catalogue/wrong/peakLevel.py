import numpy as np


def peakLevel(x, level):
    peak = np.max(x)
    return x / peak * level
