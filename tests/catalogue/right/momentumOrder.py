def momentumOrder(x, v, g):
    v = 0.9 * v - 0.1 * g
    x = x + v
    return x, v
