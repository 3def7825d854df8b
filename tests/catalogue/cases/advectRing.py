import numpy as np

_x = np.arange(12.0)
_bump = np.exp(-((_x - 4.3) ** 2) / 2.5)

cases = {
    "westward": (_bump, -1.3, 0.5, 0.25, 4.0),
    "eastward": (_bump, 0.9, 0.5, 0.3, 5.0),
    "box": (np.array([0.0, 0.0, 4.0, 4.0, 4.0, 0.0]), -1.0, 1.0, 0.5, 2.0),
}
