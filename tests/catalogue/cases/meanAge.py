import numpy as np

cases = {
    "three": (np.array([1000.0, 2001.0, 3005.0]),),
    "four": (np.array([400.0, 800.0, 1201.0, 90.0]),),
}
