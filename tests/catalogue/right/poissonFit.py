import numpy as np
from scipy.special import gammaln


def poissonFit(counts, exposure):
    rate = counts.sum() / exposure.sum()
    mu = rate * exposure
    n, mu = counts[mu != 0], mu[mu != 0]
    loglik = np.sum(n * np.log(mu) - mu - gammaln(n + 1))
    return rate, loglik, 2 - 2 * loglik
