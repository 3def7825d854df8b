import numpy as np

_r = np.random.default_rng(5)
_t = np.arange(60.0)
_wave = np.where(_t > 34, np.sin(0.9 * _t) * np.exp(-0.08 * (_t - 34)), 0.0)

cases = {
    "event": (_wave + 0.05 * _r.normal(size=60), 4.0, 16.0, 1.8),
    "noise": (_r.normal(size=40), 5.0, 10.0, 5.0),
}
