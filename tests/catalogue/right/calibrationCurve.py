import numpy as np


def calibrationCurve(conc, signal, readings):
    coef = np.polyfit(conc, signal, 2)
    a, b, c = coef
    disc = b**2 - 4 * a * (c - readings)
    root = np.sqrt(np.where(disc < 0, np.nan, disc))
    return coef, np.polyval(coef, conc), 2 * (c - readings) / (-b - root)
