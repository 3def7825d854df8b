import numpy as np


def standingWave(x, y, kx, ky, damping):
    xx, yy = np.meshgrid(x, y, indexing="ij")
    field = np.cos(kx * xx) * np.cos(ky * yy) * np.exp(-damping * (xx + 2 * yy))
    loud = np.abs(field)
    nodal = loud < 0.1 * loud.max()
    k = np.argmax(loud.ravel(order="F"))
    top = np.array([grid.ravel(order="F")[k] for grid in (xx, yy)])
    return field, nodal, top
