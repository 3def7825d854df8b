import numpy as np


def noiseFloor(n, level, seed):
    stream = np.random.RandomState(int(seed))
    x = level * stream.random_sample(int(n))
    return x.mean(), x
