import numpy as np


def topScores(x, n):
    order = np.argsort(-x, kind="stable")[: int(n)]
    return x[order], order + 1
