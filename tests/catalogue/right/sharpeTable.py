import numpy as np


def _deepest(wealth):
    high = np.maximum.accumulate(wealth, axis=0)
    return np.max(1 - wealth / high, axis=0)


def sharpeTable(returns, risk_free, periods=252):
    excess = returns - risk_free / periods
    sharpe = np.sqrt(periods) * excess.mean(axis=0) / excess.std(axis=0, ddof=1)
    return sharpe, _deepest(np.cumprod(1 + returns, axis=0))
