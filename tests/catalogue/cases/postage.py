import numpy as np

w = np.array([12.0, 35.5, 20.0, 480.0, 51.0, 940.0])
cases = {"a day": (w,), "small": (w[:3],), "large": (w[3:] + 30,)}
