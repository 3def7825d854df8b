import numpy as np


def _detrended(y):
    design = np.column_stack([np.ones(y.size), np.arange(1.0, y.size + 1)])
    coef = np.linalg.lstsq(design, y, rcond=None)[0]
    y = y - design @ coef
    return y


def seasonSwing(series, period):
    rest = _detrended(series)
    cycle = np.array([rest[k :: int(period)].mean() for k in range(int(period))])
    level = series.mean()
    share = np.sum(rest**2) / np.sum((series - level) ** 2)
    return float(np.ptp(cycle)), float(level), float(share)
