import numpy as np


def pidResponse(err, dt, opts):
    kp = opts.get("kp", 1.0)
    ki = opts.get("ki") or 0.2
    kd = opts.get("kd", 0.05)
    limit = opts.get("limit", 10.0)
    integral = np.cumsum(err * dt)
    slope = np.diff(err, prepend=err[0]) / dt
    raw = kp * err + ki * integral + kd * slope
    clipped = np.abs(raw) > limit
    return np.where(clipped, np.sign(raw) * limit, raw), float(clipped.sum())
