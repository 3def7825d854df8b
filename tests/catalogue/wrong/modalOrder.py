import numpy as np


def modalOrder(A):
    poles = np.linalg.eigvals(A).astype(complex)
    poles = np.sort(poles)
    freq = np.abs(poles)
    return freq, -poles.real / freq
