import numpy as np


def _bands(scores, edges):
    full = np.sum(scores == edges[-1])
    below = np.histogram(scores[scores < edges[-1]], edges)[0]
    return np.append(below, full).astype(float)


def scoreBands(scores, edges):
    counts = _bands(scores[~np.isnan(scores)], edges)
    total = counts.sum()
    share = 100 * counts / total if total > 0 else np.zeros_like(counts)
    return counts, share, edges[np.argmax(counts)]
