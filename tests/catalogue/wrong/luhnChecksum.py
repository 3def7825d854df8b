import numpy as np


def luhnChecksum(account):
    values = np.array([ord(c) for c in account if c.isdigit()], dtype=float)
    weighted = values[::-1].copy()
    weighted[1::2] *= 2
    weighted[weighted > 9] -= 9
    weighted_sum = float(weighted.sum())
    return weighted_sum % 10 == 0, weighted_sum, values
