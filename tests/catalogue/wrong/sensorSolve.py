import numpy as np


def sensorSolve(cov, steer):
    inverse = np.linalg.inv(cov)
    weights = inverse @ steer
    return weights / weights.sum()
