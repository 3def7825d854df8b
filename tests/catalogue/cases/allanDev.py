import numpy as np

r = np.random.default_rng(281)
jitter = (2e-6 * r.normal(size=40)).cumsum()
cases = {
    "every other": ((0.3 * np.arange(40) * 1.00001 + jitter).astype(np.float32), 0.3, 2.0),
    "whole seconds": (np.array([0, 2, 4, 8, 10, 12, 14], np.float32), 2.0, 1.0),
    "short": ((0.07 * np.arange(12) + jitter[:12]).astype(np.float32), 0.07, 1.0),
}
