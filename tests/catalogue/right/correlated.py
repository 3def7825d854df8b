import numpy as np


def correlated(C):
    deviations = np.sqrt(np.diag(C))
    return C / np.outer(deviations, deviations), deviations
