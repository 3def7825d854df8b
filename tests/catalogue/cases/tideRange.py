import numpy as np

h = np.array([1.2, 2.9, 4.1, 3.3, 1.7, 0.6, 1.9, 3.8, 4.4, 2.5, 0.9, 1.1])
cases = {"half a day": (h,), "a few hours": (h[:5],), "a day": (np.concatenate([h, h + 0.35]),)}
