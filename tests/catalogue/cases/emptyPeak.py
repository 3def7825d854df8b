import numpy as np

cases = {
    "some": (np.array([0.5, 2.5, 1.5]), 1.0),
    "none": (np.array([0.5, 0.25]), 1.0),
}
