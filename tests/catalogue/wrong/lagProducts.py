import numpy as np


def lagProducts(x, n):
    c = []
    for k in range(2, int(n) + 1):
        c.append(sum(x[:-k] * x[k:]) / (len(x) - k))
    return np.array(c)
