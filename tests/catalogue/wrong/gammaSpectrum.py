import numpy as np


def gammaSpectrum(cube, gain):
    spectra = np.transpose(cube, (1, 2, 0))
    return spectra * gain
