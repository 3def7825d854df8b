import re

import numpy as np


def _to_number(text):
    try:
        return float(text)
    except ValueError:
        return np.nan


def parseSensorLine(line):
    name, *fields = re.split(";", line.strip())
    readings = np.array([_to_number(field) for field in fields])
    valid = readings[~np.isnan(readings)]
    level = float(valid.mean()) if valid.size else 0.0
    return readings, name.upper(), level
