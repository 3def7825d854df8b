import numpy as np


def _second_difference(n, h):
    return (2 * np.eye(n) - np.eye(n, k=1) - np.eye(n, k=-1)) / h**2


def platePotential(charge, hx, hy):
    nx, ny = charge.shape
    along_x = np.kron(_second_difference(nx, hx), np.eye(ny))
    along_y = np.kron(_second_difference(ny, hy), np.eye(nx))
    operator = along_x + along_y
    u = np.linalg.solve(operator, charge.ravel(order="F"))
    return u.reshape((nx, ny), order="F"), np.sum(operator @ u) * hx * hy
