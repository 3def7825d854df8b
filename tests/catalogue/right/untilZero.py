def untilZero(x):
    s, n = 0.0, 0
    for value in x:
        if value == 0:
            break
        s += value
        n += 1
    return s, n
