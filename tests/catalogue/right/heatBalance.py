def heatBalance(t, q, dt):
    t = t + dt * q
    return t - 0.01 * t**2
