import numpy as np


def sensorSolve(cov, steer):
    inverse = np.linalg.pinv(cov)
    weights = inverse @ steer
    return weights / weights.sum()
