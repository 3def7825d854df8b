import numpy as np


def correlated(C):
    deviations = np.sqrt(np.diag(C))
    return C / (deviations @ deviations.T), deviations
