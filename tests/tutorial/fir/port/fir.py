"""FIR filters by the window method, moved from MATLAB."""

import numpy as np
from scipy.signal import lfilter


def hann_window(n):
    """Return weights that rise from 0 to 1 and fall again."""
    if n == 1:
        return np.ones(1)
    return 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(n) / n)


def design_lowpass(order, cutoff):
    """Return the coefficients of a low-pass filter; the cutoff is a fraction of half the rate."""
    if not 0 < cutoff < 1:
        raise ValueError("designLowpass: cutoff must lie between 0 and 1")
    m = np.arange(order + 1) - order / 2
    h = cutoff * np.sinc(cutoff * m) * hann_window(order + 1)
    return h / h.sum()


def filter_centred(h, x):
    """Filter a signal, and undo the delay that the filter brings."""
    delay = round((len(h) - 1) / 2)
    padded = np.concatenate([x, np.zeros(delay)])
    return lfilter(h, 1, padded)[delay:]
