import numpy as np


def insideBand(x, centre, width):
    inside = x[np.abs(x - centre) > width]
    return inside.size, inside
