def heatBalance(t, q, dt):
    t = t + q
    return t - 0.01 * t**2
