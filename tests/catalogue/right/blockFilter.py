import numpy as np
from scipy import signal


def blockFilter(b, a, x, block_len):
    step = int(block_len)
    state = np.zeros(max(len(a), len(b)) - 1)
    blocks = []
    for first in range(0, len(x), step):
        out, state = signal.lfilter(b, a, x[first : first + step], zi=state)
        blocks.append(out)
    return np.concatenate(blocks), np.array([np.mean(out**2) for out in blocks])
