import statistics

import numpy as np


def majorityFilter(labels, radius):
    radius = int(radius)
    out = np.empty_like(labels)
    for r, c in np.ndindex(*labels.shape):
        window = labels[
            max(r - radius, 0) : r + radius + 1,
            max(c - radius, 0) : c + radius + 1,
        ]
        out[r, c] = min(statistics.multimode(window.ravel()))
    return out, out != labels
