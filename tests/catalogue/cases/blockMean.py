import numpy as np

signal = np.sin(0.7 * np.arange(30.0)) + 0.05 * np.arange(30.0)
cases = {
    "whole": (signal, 0.5, 10.0),
    "half": (signal, 0.25, 10.0),
    "rest": (signal, 0.8, 9.0),
}
