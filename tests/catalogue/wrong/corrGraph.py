import numpy as np


def corrGraph(samples, threshold):
    weights = np.abs(np.corrcoef(samples))
    np.fill_diagonal(weights, 0.0)
    joined = weights >= threshold
    degree = joined.sum(axis=1).astype(float)
    strength = np.where(joined, weights, 0.0).sum(axis=1)
    hubs = np.flatnonzero(degree == degree.max()) + 1.0
    return degree, strength, hubs
