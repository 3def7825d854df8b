def springForce(k, x):
    f = -k * x
    return f, -f * x / 2
