import numpy as np


def traceLevel(readings, limit, blank):
    net = readings[readings >= limit] - blank
    if np.all(net > 0):
        return float(np.exp(np.log(net).mean())), float(net.size), "ok"
    return limit / 2, float(net.size), "below"
