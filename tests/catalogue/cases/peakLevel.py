import numpy as np

cases = {
    "negative": (np.array([0.25, -0.9, 0.4, 0.7]), 0.8),
    "more": (np.array([-3.0, 1.0, 2.5]), 1.5),
}
