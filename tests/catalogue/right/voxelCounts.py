import numpy as np


def voxelCounts(points, mesh):
    keys = np.floor(points / mesh).astype(int)
    cells, counts = np.unique(keys, axis=0, return_counts=True)
    return cells.astype(float), counts.astype(float)
