import numpy as np


def gammaSpectrum(cube, gain):
    spectra = np.transpose(cube, (2, 0, 1))
    return spectra * gain
