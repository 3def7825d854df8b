import numpy as np


def modalOrder(A):
    poles = np.linalg.eigvals(A).astype(complex)
    poles = poles[np.lexsort((np.angle(poles), np.abs(poles)))]
    freq = np.abs(poles)
    return freq, -poles.real / freq
