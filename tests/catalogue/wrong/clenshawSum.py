import numpy as np


def clenshawSum(c, x):
    m = len(c)
    while m > 1 and c[m - 1] == 0:
        m -= 1
    b1 = np.zeros_like(x)
    b2 = b1
    for k in range(m - 1, 1, -1):
        b1, b2 = 2 * x * b1 - b2 + c[k], b1
    return x * b1 - b2 + c[0], float(m)
