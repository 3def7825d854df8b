import numpy as np


def lastVisits(ids):
    who, place = np.unique(ids, return_index=True)
    place = len(ids) - 1 - np.unique(ids[::-1], return_index=True)[1]
    return who, (place + 1) / len(ids)
