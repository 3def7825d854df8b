import numpy as np


def blockInterleave(bits, nrows):
    nrows = int(nrows)
    ncols = -(-bits.size // nrows)
    padded = np.zeros(nrows * ncols)
    padded[: bits.size] = bits
    block = padded.reshape(nrows, ncols, order="F")
    return block.ravel(), float(ncols)
