import numpy as np

cases = {
    "heavy rain": (np.array([0.31, 0.22, 0.18, 0.4]), 0.35, 0.2),
    "drizzle": (np.array([0.12, 0.3, 0.08]), 0.02, 0.1),
    "drought": (np.array([0.05, 0.01, 0.2, 0.25, 0.3]), 0.0, 0.3),
}
