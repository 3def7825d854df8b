from functools import lru_cache

import numpy as np


@lru_cache
def squares(n):
    return np.arange(1.0, n + 1) ** 2


def maskedSquares(n, k):
    table = squares(n)
    table[int(k) - 1] = 0
    return np.cumsum(table)
