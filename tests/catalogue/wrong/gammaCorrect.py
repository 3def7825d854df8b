import numpy as np


def gammaCorrect(image, exponent, gain=1.0):
    levels = np.arange(256) / 255
    curve = 255 * gain * levels**exponent
    table = np.minimum(curve, 255).astype(np.uint8)
    return table[image], table
