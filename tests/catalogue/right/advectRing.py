import numpy as np


def advectRing(u, speed, dx, dt, steps):
    courant = speed * dt / dx
    if abs(courant) > 1:
        raise ValueError("the time step is too long")
    for _ in range(int(steps)):
        jump = u - np.roll(u, 1) if courant >= 0 else np.roll(u, -1) - u
        u = u - courant * jump
    return u, u.sum() * dx, np.abs(np.roll(u, 1) - u).sum()
