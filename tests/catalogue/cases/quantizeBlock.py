import numpy as np

r = np.random.default_rng(211)
table = np.array([[16.0, 11.0, 10.0], [12.0, 12.0, 14.0], [14.0, 13.0, 16.0]])
cases = {
    "whole coefficients": (
        np.array([[40.0, -33.0, 5.0], [18.0, -6.0, 7.0], [-56.0, 26.0, 8.0]]),
        table,
        50.0,
    ),
    "measured": (60.0 * r.normal(size=(3, 3)), table, 75.0),
    "coarse": (200.0 * r.normal(size=(3, 3)), table, 20.0),
}
