import re

import numpy as np


def releaseOf(name, mark):
    parts = re.split(re.escape(mark), name)
    return np.array([float(part or "nan") for part in parts]), float(len(parts))
