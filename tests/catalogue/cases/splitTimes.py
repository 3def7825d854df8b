import numpy as np

cases = {
    "four": (np.array([62.5, 59.1, 64.0, 60.8]),),
    "six": (np.array([31.2, 30.7, 33.9, 30.1, 35.5, 32.6]),),
}
