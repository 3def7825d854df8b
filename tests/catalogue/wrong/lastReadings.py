import numpy as np


def lastReadings(station, value, time):
    ids = np.unique(station)
    last = np.array([np.flatnonzero(station == s)[0] for s in ids])
    latest = value[last]
    return ids, np.where(latest < -90, np.nan, latest), time[-1] - time[last]
