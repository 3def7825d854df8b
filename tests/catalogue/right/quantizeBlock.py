import numpy as np


def quantizeBlock(coefs, table, quality):
    scale = 5000 / quality if quality < 50 else 200 - 2 * quality
    steps = np.maximum(np.floor((table * scale + 50) / 100), 1)
    ratio = coefs / steps
    levels = np.copysign(np.floor(np.abs(ratio) + 0.5), ratio)
    return levels, levels * steps, float(np.count_nonzero(levels))
