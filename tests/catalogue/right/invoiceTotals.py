import numpy as np


def _half_away(x):
    return np.sign(x) * np.floor(np.abs(x) + 0.5)


def invoiceTotals(qty, price, discount, rates):
    amounts = qty * price / 1000 * (1 - discount / 100)
    lines = _half_away(amounts * 100) / 100
    taxes = [_half_away(lines[rates == r].sum() * r) / 100 for r in np.unique(rates)]
    net, tax = lines.sum(), sum(taxes)
    return net, tax, net + tax
