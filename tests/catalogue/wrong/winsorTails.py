import numpy as np


def winsorTails(x, p):
    limits = np.quantile(x, [p, 1 - p], axis=0)
    clamped = np.clip(x, limits[0], limits[1])
    return clamped, limits, (clamped != x).sum(axis=0).astype(float)
