import numpy as np


def _conv_same(signal, kernel):
    start = len(kernel) // 2
    return np.convolve(signal, kernel)[start : start + len(signal)]


def smoothSpectrum(counts, width):
    width = int(width)
    k = np.arange(1, width + 1)
    kernel = np.minimum(k, width + 1 - k)
    kernel = kernel / kernel.sum()
    smooth = _conv_same(counts, kernel) / _conv_same(np.ones(len(counts)), kernel)
    baseline = np.array(
        [smooth[max(0, i - width) : i + width + 1].min() for i in range(len(counts))]
    )
    peak = np.argmax(smooth - baseline) + 1.0
    return smooth, baseline, peak
