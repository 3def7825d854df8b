import numpy as np


def drawWalk(n, k, seed):
    stream = np.random.RandomState([int(seed)])
    steps = stream.random_sample((int(k), int(n))).T - 0.5
    return np.cumsum(steps, axis=0)
