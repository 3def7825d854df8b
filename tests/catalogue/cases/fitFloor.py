import numpy as np

cases = {
    "three": (np.array([0.5, 0.125, 2.0]),),
    "with NaN": (np.array([np.nan, 4.5, 3.25]),),
}
