import numpy as np

ref = np.array([0.0, 10.0, 20.0, 30.0, 40.0])
cases = {
    "early and late": (ref + np.array([0.37, -0.52, 3.81, -4.44, -1.93]), ref, 1.25),
    "late": (ref + np.array([0.11, 0.62, 1.74, 2.93, 4.05]), ref, 0.9),
    "ticks": (np.array([-7.0, 3.0, -2.0, 5.0]), np.array([0.0, 0.0, 0.0, 0.0]), 3.0),
}
