import numpy as np


def decimateAdc(samples):
    pairs = samples[: samples.size // 2 * 2].reshape(-1, 2)
    total = pairs.sum(axis=1, dtype=int)
    halved = np.trunc((total + np.sign(total)) / 2).astype(np.int16)
    return halved, float(halved.max()) - float(halved.min())
