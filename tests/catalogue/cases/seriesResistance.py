import numpy as np

cases = {
    "three": (np.array([100.0, 220.0, 470.0]),),
    "with a wire": (np.array([100.0, 0.0, 470.0]),),
}
