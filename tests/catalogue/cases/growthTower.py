import numpy as np

cases = {"three": (np.array([1.1, 0.7, 1.3]), 3.0), "four": (np.array([1.05, 0.95]), 4.0)}
