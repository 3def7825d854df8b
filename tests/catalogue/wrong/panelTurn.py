import numpy as np


def panelTurn(temperature, weight):
    turned = np.rot90(temperature, -1)
    return turned * weight
