import numpy as np


def tideExtremes(levels, times):
    high = np.nanmax(levels, axis=0)
    low = np.nanmin(levels, axis=0)
    return high, low, times[np.nanargmax(levels, axis=0)], high - low
