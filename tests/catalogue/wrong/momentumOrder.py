def momentumOrder(x, v, g):
    x = x + v
    v = 0.9 * v - 0.1 * g
    return x, v
