"""What the labels of a network are. May import NumPy only."""

import numpy as np


def are_labels(y, K):
    """Whether each of these numbers is a label of a network of K outputs."""
    return (y == 0) | (y == 1) if K == 1 else (y == np.round(y)) & (y >= 1) & (y <= K)


def labels_text(K):
    """Say what the labels of a network of K outputs are."""
    if K == 1:
        return "0 and 1 only, where there is one output"
    return f"whole numbers from 1 to layer_sizes[-1] = {K}"
