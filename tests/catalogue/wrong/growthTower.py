import numpy as np


def growthTower(x, n):
    return x**2**n - 1
