import numpy as np


def packFactor(covariance, jitter=0.0):
    factor = np.linalg.cholesky(covariance + jitter * np.eye(len(covariance)))
    logs = np.log(np.diag(factor))
    np.fill_diagonal(factor, logs)
    return factor.T[np.triu_indices(len(factor))], float(2 * logs.sum())
