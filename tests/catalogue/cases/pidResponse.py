import numpy as np

_err = np.array([1.5, 1.31, 0.97, 0.44, -0.12, -0.35, -0.28, 0.07])

cases = {
    "no integral": (_err, 0.1, {"kp": 2.25, "ki": 0.0, "kd": 0.3, "limit": 3.0}),
    "defaults": (_err, 0.25, {"kp": 1.75}),
    "all gains": (_err, 0.1, {"kp": 0.8, "ki": 1.5, "kd": 0.02}),
}
