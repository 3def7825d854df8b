import numpy as np


def blockMean(x, seconds, rate):
    size = np.floor(seconds * rate + 0.5)
    count = len(x) // size
    return x[: count * size].reshape(count, size).mean(axis=1)
