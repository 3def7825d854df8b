import numpy as np


def markovProduct(a, b, n):
    p = a
    for _ in range(int(n)):
        p = p @ b
    return p
