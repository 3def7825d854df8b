import numpy as np


def soundingLevels(height, temp, levels):
    t = np.interp(levels, height, temp, left=np.nan, right=np.nan)
    missing = np.isnan(t)
    reached, at = t[~missing], levels[~missing]
    lapse = np.nan
    if reached.size >= 2:
        lapse = -1000 * (reached[-1] - reached[0]) / (at[-1] - at[0])
    return np.where(missing, -9999.0, t), lapse, float(missing.sum())
