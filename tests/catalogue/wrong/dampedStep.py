def dampedStep(x, g, rate=0.01):
    return x - rate * g
