import numpy as np


def courseMix(v, w, a):
    c = v * np.cos(a)
    return c, c - c.mean()
