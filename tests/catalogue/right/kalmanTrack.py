import numpy as np


def kalmanTrack(z, dt, q, r):
    F = np.array([[1.0, dt], [0.0, 1.0]])
    Q = q * np.array([[dt**3 / 3, dt**2 / 2], [dt**2 / 2, dt]])
    x = np.array([z[0], 0.0])
    P = np.diag([r, 10 * r])
    states = [x]
    loglik = 0.0
    for position in z[1:]:
        x = F @ x
        P = F @ P @ F.T + Q
        S = P[0, 0] + r
        gain = P[:, 0] / S
        e = position - x[0]
        x = x + gain * e
        P = P - np.outer(gain, P[0])
        states.append(x)
        loglik -= (np.log(2 * np.pi * S) + e**2 / S) / 2
    return np.array(states), P, float(loglik)
