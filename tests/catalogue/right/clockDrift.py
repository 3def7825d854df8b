import numpy as np


def clockDrift(device, reference, period):
    lag = device - reference
    offset = np.fmod(lag, period)
    return offset, np.rint((lag - offset) / period), offset > 0
