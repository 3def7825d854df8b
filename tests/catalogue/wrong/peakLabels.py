import numpy as np


def _num2str(value):
    if value == round(value):
        return str(int(value))
    return f"{value:.5g}"


def peakLabels(freq, power, floor_level):
    inner = power[1:-1]
    is_peak = (inner > floor_level) & (inner > power[:-2]) & (inner >= power[2:])
    found = np.flatnonzero(is_peak) + 1
    found = found[np.argsort(-power[found], kind="stable")]
    labels = [_num2str(f) + " Hz" for f in freq[found]]
    return labels, freq[found]
