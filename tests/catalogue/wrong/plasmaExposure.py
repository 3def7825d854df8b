import numpy as np


def plasmaExposure(t, c, n_tail):
    t_max = t[np.argmax(c)]
    tail = slice(-int(n_tail), None)
    x, y = t[tail], np.log(c[tail])
    dx = x - x.mean()
    rate = -(dx @ (y - y.mean())) / (dx @ dx)
    if rate <= 0:
        return np.nan, t_max, np.nan
    area = np.trapezoid(t, c) + c[-1] / rate
    return area, t_max, np.log(2) / rate
