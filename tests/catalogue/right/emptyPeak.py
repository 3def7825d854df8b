import numpy as np


def emptyPeak(x, limit):
    above = x[x > limit]
    return above.max(initial=0), above.size
