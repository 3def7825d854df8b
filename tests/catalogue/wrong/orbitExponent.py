import numpy as np


def orbitExponent(r, x0, n, skip):
    x = x0
    for _ in range(int(skip)):
        x = r * x * (1 - x)
    total = 0j
    for _ in range(int(n)):
        slope = r * (1 - 2 * x)
        if slope == 0:
            slope = np.finfo(float).tiny
        total += np.log(slope)
        x = r * x * (1 - x)
    return total.real / n, float(np.round(total.imag / np.pi)), x
