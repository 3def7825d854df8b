import numpy as np


def gainOf(p, q):
    g = np.sqrt(p / q)
    return g / np.mean(g)
