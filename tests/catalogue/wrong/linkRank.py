import numpy as np


def linkRank(src, dst, n, damping, tol):
    n = int(n)
    src, dst = src.astype(int) - 1, dst.astype(int) - 1
    outdeg = np.bincount(src, minlength=n)
    rank = np.full(n, 1 / n)
    sweeps = 0
    while sweeps < 200:
        sweeps += 1
        inflow = np.zeros(n)
        inflow[dst] += rank[src] / outdeg[src]
        lost = rank[outdeg == 0].sum() / n
        previous, rank = rank, (1 - damping) / n + damping * (inflow + lost)
        if np.abs(rank - previous).sum() < tol:
            break
    return rank, float(sweeps)
