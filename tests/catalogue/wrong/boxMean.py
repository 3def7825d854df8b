import numpy as np


def _window(length, radius):
    i = np.arange(length)
    return np.maximum(i - radius, 0), np.minimum(i + radius + 1, length)


def boxMean(image, radius):
    rows, cols = image.shape
    integral = np.zeros((rows + 1, cols + 1))
    integral[1:, 1:] = image.astype(float).cumsum(axis=0).cumsum(axis=0)
    top, bottom = _window(rows, int(radius))
    left, right = _window(cols, int(radius))
    total = integral[np.ix_(bottom, right)] - integral[np.ix_(top, right)]
    total = total - integral[np.ix_(bottom, left)] + integral[np.ix_(top, left)]
    return total / np.outer(bottom - top, right - left)
