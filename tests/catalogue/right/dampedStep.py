def dampedStep(x, g, rate=0.1):
    return x - rate * g
