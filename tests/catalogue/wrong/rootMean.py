import numpy as np


def rootMean(x):
    r = np.sqrt(np.median(x**2))
    return np.floor(r), np.ceil(r + np.mean(np.abs(x)))
