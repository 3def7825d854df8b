import numpy as np

LIMITS = np.array([20, 50, 500])
PRICES = [0.85, 1.00, 2.75]


def postage(weights):
    classes = np.searchsorted(LIMITS, weights)
    return np.take(PRICES, classes, mode="clip"), classes + 1.0
