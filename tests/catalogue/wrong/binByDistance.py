from itertools import combinations

import numpy as np


def binByDistance(xy, z, width, nbins):
    nbins = int(nbins)
    bins = [[]] * nbins
    for i, j in combinations(range(len(z)), 2):
        k = int(np.linalg.norm(xy[i] - xy[j]) // width)
        if k < nbins:
            bins[k].append((z[i] - z[j]) ** 2 / 2)
    gamma = np.array([np.mean(b) if b else np.nan for b in bins])
    return [np.array(b) for b in bins], gamma
