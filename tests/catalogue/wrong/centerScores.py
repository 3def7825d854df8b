import numpy as np


def centerScores(table):
    center = table.mean(axis=0)
    scores = table - center
    radius = np.sqrt((scores**2).sum(axis=1))
    limit = 3 * np.median(radius)
    if limit > 0:
        far = radius > limit
        scores[far] = scores[far] / radius[far, None] * limit
    return scores, center, radius
