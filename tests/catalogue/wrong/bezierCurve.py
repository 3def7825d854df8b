import numpy as np
from scipy.special import comb


def bezierCurve(ctrl, t):
    degree = len(ctrl) - 1
    i = np.arange(degree + 1)
    s = t[:, None]
    weights = comb(len(ctrl), i) * s**i * (1 - s) ** (degree - i)
    points = weights @ ctrl
    steps = np.diff(points, axis=0)
    return points, np.linalg.norm(steps, axis=1).sum()
