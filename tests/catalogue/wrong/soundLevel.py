import math

import numpy as np


def soundLevel(p, p0):
    levels = []
    for pressure in p.tolist():
        levels.append(20 * math.log10(pressure / p0))
    return np.array(levels)
