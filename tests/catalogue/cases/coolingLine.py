import numpy as np

cases = {
    "hot middle": (np.array([20.0, 35.5, 81.0, 44.25, 21.0]), 0.4, 1.75),
    "even": (np.array([18.5, 18.5, 18.5, 18.5]), 0.25, 0.5),
    "no gain": (np.array([12.0, 30.0, 9.5, 14.0]), 0.3, 0.0),
}
