import numpy as np


def hampelFilter(series, half_width, n_sigma):
    h = int(half_width)
    windows = [series[max(0, k - h) : k + h + 1] for k in range(len(series))]
    center = np.array([np.median(w) for w in windows])
    spread = np.array([np.median(np.abs(w - c)) for w, c in zip(windows, center, strict=True)])
    outlier = np.abs(series - center) > n_sigma * 1.4826 * spread
    return np.where(outlier, center, series), outlier, center
