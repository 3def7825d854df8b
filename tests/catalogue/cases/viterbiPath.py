import numpy as np

from lockstep import row

trans = np.log(np.array([[0.71, 0.19, 0.1], [0.25, 0.6, 0.15], [0.33, 0.07, 0.6]]))
emit = np.log(np.array([[0.52, 0.41, 0.07], [0.11, 0.28, 0.61], [0.3, 0.4, 0.3]]))
start = np.log(np.array([0.62, 0.27, 0.11]))
even = np.log(np.array([[0.8, 0.2], [0.2, 0.8]]))
cases = {
    "weather": (row([1.0, 2.0, 3.0, 3.0, 1.0, 3.0, 2.0]), trans, emit, start),
    "symmetric": (
        np.array([1.0, 1.0, 2.0, 2.0, 1.0]),
        even,
        np.log(np.array([[0.9, 0.1], [0.3, 0.7]])),
        np.log(np.array([0.5, 0.5])),
    ),
}
