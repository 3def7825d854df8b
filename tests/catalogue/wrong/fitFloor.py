import numpy as np


def fitFloor(errors):
    best, at = np.finfo(float).eps, 0
    for k, error in enumerate(errors):
        if error < best:
            best, at = error, k + 1
    return best, at
