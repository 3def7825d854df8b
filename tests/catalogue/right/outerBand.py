def outerBand(f, gain, offset):
    c = (f + offset) * gain
    return c - c.mean()
