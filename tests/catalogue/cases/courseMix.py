import numpy as np

a = np.array([0.1, 0.7, 1.9, 2.6, 4.0])
cases = {"five": (2.5, 1.25, a), "three": (0.5, 3.75, a[:3])}
