import numpy as np


def decayCurve(k1, k2, c0, dt, tend):
    times = np.arange(0, tend, dt)
    left = np.exp(-k1 * times)
    if abs(k1 - k2) < 1e-9 * k1:
        middle = c0 * k1 * times * left
    else:
        middle = c0 * k1 / (k2 - k1) * (left - np.exp(-k2 * times))
    species = np.column_stack([c0 * left, middle, c0 - c0 * left - middle])
    return times, species, float(times[middle.argmax()])
