import numpy as np

A = np.array([[2.0, 1.0, 1.0], [1.0, 3.0, 2.0], [0.5, 1.5, 4.0]])
L = np.array([[1.0, 2.0], [0.5, 1.0], [0.25, 1.5]])
cases = {"rank two": (L @ L.T, np.array([1.0, 2.0, 0.5])), "regular": (A, np.array([1.0, 0.3, 2.0]))}
