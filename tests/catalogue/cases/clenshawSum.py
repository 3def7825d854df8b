import numpy as np

x = np.array([-0.93, -0.41, 0.08, 0.57, 0.99])
cases = {
    "fitted": (np.array([1.266, 1.13, 0.2715, 0.0443, 0.0055]), x),
    "trailing zeros": (np.array([2.0, -1.0, 3.0, 0.0, 0.0]), x),
    "constant": (np.array([2.5, 0.0, 0.0]), x),
}
