import numpy as np

cases = {
    "two": (np.array([[4.0, 1.5], [1.5, 2.25]]),),
    "three": (np.array([[1.0, 0.3, -0.6], [0.3, 2.0, 0.8], [-0.6, 0.8, 5.0]]),),
    "one": (np.array([[9.0]]),),
}
