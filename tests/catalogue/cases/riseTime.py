import numpy as np

t = np.linspace(0.0, 6.0, 41)
cases = {
    "no swing": (t, 1.0 - np.exp(-t)),
    "swing": (t, 2.0 - 2.0 * np.exp(-0.4 * t) * np.cos(2.5 * t)),
    "dead time": (t, np.where(t < 1.0, 0.0, 1.5 - 1.5 * np.exp(1.0 - t) * np.cos(4.0 * (t - 1.0)))),
}
