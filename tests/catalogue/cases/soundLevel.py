import numpy as np

cases = {
    "loud": (np.array([0.02, 0.6]), 2e-5),
    "silence": (np.array([0.0, 0.2]), 2e-5),
}
