import numpy as np


def expSmooth(values, alpha=0.3, start=None):
    level = values[0] if start is None else start
    smooth, sse = [], 0.0
    for value in values:
        err = value - level
        sse += err**2
        level += alpha * err
        smooth.append(level)
    return np.array(smooth), float(sse), float(level)
