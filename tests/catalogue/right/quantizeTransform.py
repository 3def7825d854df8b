import numpy as np


def _round_away(x):
    return (np.sign(x) * np.floor(np.abs(x) + 0.5)).astype(np.int32)


def quantizeTransform(coef, table, quality):
    scale = 5000 / quality if quality < 50 else 200 - 2 * quality
    steps = np.maximum(1, np.floor((table * scale + 50) / 100)).astype(np.int32)
    whole = _round_away(coef)
    levels = _round_away(whole / steps)
    return levels, levels * steps, float(np.count_nonzero(levels))
