import numpy as np


def pageRank(links, damping, tol=1e-8):
    n = len(links)
    out_degree = links.sum(axis=1)
    links = np.where(out_degree == 0, 1.0, links)
    moves = links / np.where(out_degree == 0, n, out_degree)
    rank = np.full(n, 1 / n)
    for step in range(1, 501):
        previous, rank = rank, damping * moves @ rank + (1 - damping) / n
        if np.abs(rank - previous).sum() <= tol:
            return rank, float(step)
    return rank, 500.0
