import numpy as np


def splitTimes(times):
    arrivals = np.array(times)
    arrivals = arrivals.sort()
    gaps = np.diff(arrivals, prepend=0)
    return gaps, gaps[1:].min()
