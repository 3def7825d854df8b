import numpy as np

a = np.array([27.5, 21.0, 19.0, 23.6, 17.0, 17.9, 16.9, 20.1, 21.9, 22.6])
b = np.array([27.1, 22.0, 20.8, 23.4, 23.4, 23.5, 25.8, 22.0, 24.8, 20.2, 21.9, 22.1])
cases = {
    "both sides": (a, b),
    "left": (a, b, "left"),
    "whole, right": (np.array([9.0, 7.0, 8.0, 11.0]), np.array([3.0, 5.0, 8.0]), "right"),
}
