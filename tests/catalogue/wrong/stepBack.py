def stepBack(now, before, rate):
    p = before + rate * (now - before)
    return p, p - before
