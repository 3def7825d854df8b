import numpy as np


def tideRange(levels):
    highest, lowest = quarters(levels)
    return highest.mean() - lowest.mean(), (highest.mean() + lowest.mean()) / 2


def quarters(levels):
    ordered = np.sort(levels)
    k = max(1, levels.size // 4)
    if k == 1:
        return ordered[-1:], ordered[:1]
    highest, lowest = ordered[-k:], ordered[:k]
    return highest, lowest
