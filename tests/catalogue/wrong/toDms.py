import numpy as np


def toDms(angles):
    whole = np.floor(angles)
    minutes = np.abs(angles - whole) * 60
    full = np.floor(minutes)
    return whole, full, (minutes - full) * 60, f"{whole[0]:.0f} deg {full[0]:.0f} min"
