import numpy as np


def coilTorque(moments, field, omega):
    torque = np.cross(moments, field)
    total = torque.sum(axis=1)
    strength = np.linalg.norm(moments, axis=0) * np.linalg.norm(field, axis=0)
    size = np.linalg.norm(torque, axis=0)
    arm = np.divide(size, strength, out=np.zeros_like(size), where=strength > 0)
    return total, omega @ total, arm
