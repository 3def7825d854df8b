import numpy as np


def fundRisk(C, sel, w):
    w = w / w.sum()
    at = sel.astype(int) - 1
    S = C[np.ix_(at, at)]
    variance = w @ S @ w
    return np.sqrt(variance), w * (S @ w) / variance
