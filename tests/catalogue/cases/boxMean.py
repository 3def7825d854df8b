import numpy as np

r = np.random.default_rng(161)
cases = {
    "radiance": (r.uniform(0.5, 3.0, size=(7, 9)), 2.0),
    "uint8": (r.integers(0, 256, size=(5, 4)).astype(np.uint8), 1.0),
}
