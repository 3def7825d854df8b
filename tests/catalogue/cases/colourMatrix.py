import numpy as np

r = np.random.default_rng(391)
chart = r.uniform(0.05, 0.95, size=(3, 10))
mix = np.array([[0.61, 0.29, 0.08], [0.17, 0.74, 0.11], [0.02, 0.13, 0.88]])
cases = {
    "ten patches": (chart, mix @ chart + 0.01 * r.normal(size=(3, 10))),
    "raw counts": (
        np.array([[40.0, 10.0, 0.0, 25.0], [11.0, 33.0, 12.0, 20.0], [5.0, 14.0, 52.0, 22.0]]),
        np.array([[90.0, 20.0, 10.0, 60.0], [20.0, 71.0, 30.0, 40.0], [4.0, 30.0, 80.0, 50.0]]),
    ),
}
