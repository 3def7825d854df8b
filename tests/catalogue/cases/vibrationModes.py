import numpy as np


def _chain(k):
    k = np.append(k, 0.0)
    return np.diag(k[:-1] + k[1:]) - np.diag(k[1:-1], 1) - np.diag(k[1:-1], -1)


cases = {
    "storeys": (
        np.array([12.5, 11.0, 10.8, 9.6, 7.25]),
        _chain(np.array([9100.0, 8300.0, 8050.0, 6400.0, 5200.0])),
    ),
    "two": (np.array([1.0, 2.0]), np.array([[5.0, -2.0], [-2.0, 2.0]])),
}
