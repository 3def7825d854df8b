import numpy as np

classes = "any"
cases = {
    "one missing": (np.array([1.5, np.nan, 2.25, 4.0]),),
    "two missing": (np.array([np.nan, 1.0, np.nan, 7.5, 2.0]),),
}
