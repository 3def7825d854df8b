import numpy as np

from lockstep import row

r = np.random.default_rng(41)
cases = {
    "near Zurich": (
        np.array([4278990.3, 635620.7, 4672339.9]) + 900.0 * r.normal(size=(6, 3)),
        47.4,
        8.45,
        row([4278990.3, 635620.7, 4672339.9]),
    ),
    "whole metres": (
        np.array([[6378137.0, 100.0, 200.0], [6378200.0, -300.0, 50.0]]),
        0.0,
        0.0,
        row([6378137.0, 0.0, 0.0]),
    ),
}
