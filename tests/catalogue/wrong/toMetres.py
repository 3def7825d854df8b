import numpy as np


def _factor(unit):
    unit = unit.strip().lower()
    if unit in ("km", "kilometre"):
        return 1000.0
    if unit in ("nmi"):
        return 1852.0
    if unit in ("m", "metre"):
        return 1.0
    if unit in ("ft", "foot", "feet"):
        return 0.3048
    return np.nan


def toMetres(values, units):
    factors = np.array([_factor(unit) for unit in units])
    return values * factors, float(np.isnan(factors).sum())
