import numpy as np


def lowerEnergy(a):
    lower = np.tril(a)
    return lower, (lower**2).sum()
