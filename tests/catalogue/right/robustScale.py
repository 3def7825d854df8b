import numpy as np


def robustScale(data):
    center = np.nanmedian(data, axis=0)
    spread = 1.4826 * np.nanmedian(np.abs(data - center), axis=0)
    usable = np.where(spread > 0, spread, 1.0)
    return np.where(spread > 0, (data - center) / usable, data), center, spread
