import numpy as np


def rowShares(counts):
    shares = counts / counts.sum(axis=1)
    return shares - shares.mean(axis=0)
