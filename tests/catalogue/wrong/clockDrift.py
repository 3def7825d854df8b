import numpy as np


def clockDrift(device, reference, period):
    lag = device - reference
    offset = lag % period
    return offset, np.rint((lag - offset) / period), offset > 0
