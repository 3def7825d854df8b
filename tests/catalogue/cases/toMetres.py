import numpy as np

cases = {
    "chart": (np.array([3.25, 120.5, 1.75, 310.0, 8.0]), ["km", "m", "nmi", " Feet", "ell"]),
    "road": (np.array([5.0, 42.0, 100.0]), ["KM", "kilometre", "foot"]),
}
