import numpy as np


def unpackFrames(stream):
    kinds, sums = [], []
    longest = 0
    pos = 0
    while pos + 1 < len(stream):
        size = int(stream[pos + 1])
        stop = pos + 2 + size
        if stop > len(stream):
            break
        kinds.append(stream[pos])
        sums.append(stream[pos + 2 : stop].sum())
        longest = max(longest, size)
        pos = stop
    return np.array(kinds), np.array(sums), float(longest)
