import numpy as np


def stopRule(a, tol):
    x, n = a, 0
    while abs(x**2 - a) > tol and n < 4 and x < 1000:
        x = (x + a / x) / 2
        n += 1
    return x, n
