import numpy as np


def meanOfPresent(x):
    keep = np.isnan(x)
    n = keep.sum()
    return x[keep].sum() / n, n
