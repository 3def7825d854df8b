import numpy as np


def priceMoves(prices):
    moves = np.diff(np.log(prices))
    day = moves.argmin(axis=0) + 2.0
    return moves.mean(axis=0), moves.std(axis=0, ddof=1), moves.min(axis=0), day
