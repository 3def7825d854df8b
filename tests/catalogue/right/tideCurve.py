import numpy as np


def tideCurve(t, a, p):
    h = a * np.cos(2 * np.pi * t / p)
    return h + 0.1 * h**2
