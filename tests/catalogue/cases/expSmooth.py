import numpy as np

y = np.array([3.41, 3.77, 2.95, 4.12, 4.4, 3.86])
cases = {
    "from zero": (y, 0.4, 0.0),
    "defaults": (y,),
    "level given": (np.array([20.0, 22.0, 19.0, 25.0]), 0.5, 18.0),
}
