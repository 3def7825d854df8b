import numpy as np


def tandemRepeats(seq, units):
    L = len(seq)
    counts = np.zeros(len(units))
    best = ""
    for u, unit in enumerate(units):
        if not unit or len(unit) > L:
            continue
        counts[u] = seq.count(unit)
        if counts[u] > 0 and counts[u] == counts.max() and np.sum(counts == counts[u]) == 1:
            best = unit
    return best, counts, 100 * counts / L
