import numpy as np


def seriesResistance(x):
    s = 0.0
    for ohms in x.tolist():
        s += np.divide(1, ohms)
    return 1 / s
