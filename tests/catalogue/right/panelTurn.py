import numpy as np


def panelTurn(temperature, weight):
    turned = np.rot90(temperature)
    return turned * weight
