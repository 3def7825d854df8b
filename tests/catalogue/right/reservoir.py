from scipy.integrate import cumulative_trapezoid


def reservoir(t, inflow, start):
    stored = start + cumulative_trapezoid(inflow, t, initial=0)
    return stored, stored.max()
