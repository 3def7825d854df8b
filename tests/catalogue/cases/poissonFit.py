import numpy as np

cases = {
    "decays": (np.array([7.0, 12.0, 3.0, 9.0]), np.array([1.25, 2.1, 0.8, 1.65])),
    "none": (np.zeros(3), np.array([1.0, 2.0, 1.5])),
    "rare": (np.array([1.0, 2.0, 4.0, 1.0]), np.array([1.0, 1.0, 2.0, 1.0])),
}
