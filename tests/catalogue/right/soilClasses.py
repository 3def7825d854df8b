import numpy as np


def soilClasses(diameter, mass):
    label = np.select([diameter >= 2, diameter >= 0.063, diameter >= 0.002], [4.0, 3.0, 2.0], 1.0)
    share = np.array([mass[label == c].sum() for c in (1, 2, 3, 4)])
    return label, share / mass.sum()
