import numpy as np


def allanDev(phase, tau0, m):
    readings = phase[:: int(m)]
    rate = np.diff(readings) / (m * tau0)
    variance = (np.diff(rate) ** 2).mean() / 2
    return float(np.sqrt(variance)), float(rate.mean() - 1)
