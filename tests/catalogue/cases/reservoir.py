import numpy as np

hours = np.array([0.0, 1.0, 2.5, 4.0, 7.0])
cases = {
    "filling": (hours, np.array([0.4, 1.1, 0.9, 2.3, 0.2]), 3.5),
    "emptied": (hours[:4], np.array([-0.3, -1.2, -0.8, -0.1]), 6.25),
    "two": (np.array([0.5, 3.0]), np.array([0.7, 0.4]), 0.0),
}
