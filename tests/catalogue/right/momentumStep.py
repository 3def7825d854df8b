import numpy as np


def momentumStep(x, g, n):
    v = np.zeros_like(x)
    for _ in range(int(n)):
        v = 0.9 * v - 0.1 * g
        x = x + v
    return x, v
