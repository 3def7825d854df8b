import numpy as np


def runningPeak(x):
    best = np.zeros(len(x), dtype=int)
    top = -np.inf
    for k, value in enumerate(x):
        top = max(top, value)
        best[k] = top / 2
    return best
