import numpy as np


def polygonMoments(corners):
    corners = np.vstack([corners, corners[:1]])
    x, y = corners.T
    cross = x[:-1] * y[1:] - x[1:] * y[:-1]
    area = cross.sum() / 2
    cx = ((x[:-1] + x[1:]) * cross).sum() / (6 * area)
    cy = ((y[:-1] + y[1:]) * cross).sum() / (6 * area)
    length = np.hypot(np.diff(x), np.diff(y)).sum()
    return float(area), float(cx), float(cy), float(length)
