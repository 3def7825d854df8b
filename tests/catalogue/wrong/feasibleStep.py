import numpy as np


def feasibleStep(x, d, lo, hi):
    alpha = 1.0
    cuts = 0
    while cuts < 30:
        y = x + alpha * d
        if np.any((y >= lo) & (y <= hi)):
            return y, alpha, float(cuts)
        alpha /= 2
        cuts += 1
    return x, 0.0, float(cuts)
