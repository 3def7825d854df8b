import numpy as np

cases = {
    "south and west": (np.array([-33.8568, 151.2153, -70.6693, 18.4241]),),
    "north": (np.array([47.3769, 8.5417, 60.1699]),),
    "quarters": (np.array([-12.75, 3.5, -1.25]),),
}
