import numpy as np


def lowerEnergy(a):
    lower = np.triu(a)
    return lower, (lower**2).sum()
