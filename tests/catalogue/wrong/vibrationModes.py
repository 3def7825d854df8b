import numpy as np


def vibrationModes(masses, stiffness):
    scale = 1 / np.sqrt(masses)
    sym = stiffness * np.outer(scale, scale)
    lam, vecs = np.linalg.eig((sym + sym.T) / 2)
    shapes = scale[:, None] * vecs
    peak = np.argmax(np.abs(shapes), axis=0)
    shapes = shapes / shapes[peak, np.arange(len(masses))]
    effective = (masses @ shapes) ** 2 / (masses @ shapes**2)
    return np.sqrt(lam) / (2 * np.pi), shapes, effective
