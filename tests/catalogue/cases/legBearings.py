import numpy as np

cases = {
    "channel": (
        np.array([50.8985, 50.1156, 49.4542, 48.6493]),
        np.array([-1.3968, -1.8654, -2.5361, -2.0257]),
    ),
    "islands": (np.array([10.0, 14.0, 12.0, 5.0]), np.array([170.0, 175.0, 179.0, 160.0])),
}
