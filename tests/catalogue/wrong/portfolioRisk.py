import numpy as np


def portfolioRisk(history):
    cov = np.cov(history, rowvar=False)
    raw = np.linalg.solve(cov, np.ones(len(cov)))
    weights = raw / raw.sum()
    marginal = cov @ weights
    risk = np.sqrt(weights @ marginal)
    return weights, float(risk), weights * marginal / risk
