import numpy as np

_r = np.random.default_rng(27)

cases = {
    "ore": (_r.uniform(0.0, 10.0, size=(7, 2)), _r.normal(5.0, 1.0, size=7), 2.5, 4.0),
    "one bin": (
        np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 2.0]]),
        np.array([4.0, 6.0, 3.0]),
        3.0,
        1.0,
    ),
}
