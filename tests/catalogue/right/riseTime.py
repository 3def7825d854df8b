import numpy as np


def first_time(t, y, level):
    return t[np.flatnonzero(y >= level)[0]]


def riseTime(t, y):
    end = y[-3:].mean()
    reached = np.array([first_time(t, y, part * end) for part in (0.1, 0.9)])
    return reached[1] - reached[0], reached
