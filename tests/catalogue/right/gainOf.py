import numpy as np


def gainOf(p, q):
    g = p / q
    return g / np.mean(g)
