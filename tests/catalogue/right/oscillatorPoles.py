import numpy as np


def oscillatorPoles(mass, damping, stiffness):
    disc = damping**2 - 4 * mass * stiffness
    pole = (-damping + np.emath.sqrt(disc)) / (2 * mass)
    growth = pole.real
    with np.errstate(divide="ignore"):
        settle = np.where(growth < 0, np.log(0.02) / growth, np.inf)
    return growth, pole.imag / (2 * np.pi), settle
