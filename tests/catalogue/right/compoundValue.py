import numpy as np


def compoundValue(p0, rates):
    v = np.empty(len(rates) + 1)
    v[0] = p0
    v[1:] = p0 * np.cumprod(1 + rates)
    return v
