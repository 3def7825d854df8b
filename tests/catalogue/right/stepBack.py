def stepBack(now, before, rate):
    p = now + rate * (now - before)
    return p, p - before
