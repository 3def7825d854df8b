import numpy as np

from lockstep import row

r = np.random.default_rng(191)
t = np.arange(32) / 64.0
waves = np.sin(2 * np.pi * np.outer(t, [6.0, 10.0, 21.0])) + 0.2 * r.normal(size=(32, 3))
cases = {
    "alpha": (waves, 64.0, row([8.0, 13.0]), "hann"),
    "bare": (waves[:25, :2], 64.0, row([1.0, 30.0]), "none"),
}
