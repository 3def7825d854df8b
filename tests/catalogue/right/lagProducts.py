import numpy as np


def lagProducts(x, n):
    c = []
    for k in range(1, int(n) + 1):
        c.append(sum(x[:-k] * x[k:]) / (len(x) - k))
    return np.array(c)
