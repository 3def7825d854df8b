import numpy as np


def toneGrid(low, high):
    f = np.linspace(low, high, 100)
    return f, 1 / np.sqrt((1 - f**2) ** 2 + 0.01 * f**2)
