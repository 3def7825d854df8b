import numpy as np


def timeReversal(x, h):
    y = np.convolve(x, h)
    return np.convolve(y, h)
