import math

import numpy as np


def cleanTicks(price, volume):
    ret = []
    nbad = 0
    last = math.nan
    for p, v in zip(price, volume, strict=True):
        if v == 0 or not p > 0:
            nbad += 1
            continue
        if not math.isnan(last):
            ret.append(np.log(p / last))
        last = float(p)
    return np.array(ret), float(nbad), last
