def scaledSum(x, w):
    s = 0.0
    for value, weight in zip(x, w):
        s = s + weight * value
    s = s / sum(w)
    return s
