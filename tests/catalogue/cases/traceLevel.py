import numpy as np

x = np.array([0.12, 0.48, 0.07, 1.93, 0.81, 0.02])
cases = {
    "river": (x, 0.1, 0.03),
    "nothing found": (x, 2.5, 0.03),
    "blank too high": (x, 0.1, 0.2),
    "whole": (np.array([3.0, 9.0, 1.0]), 2.0, 1.0),
}
