import numpy as np


def correlatedPaths(noise, start, vol, corr, dt):
    cov = np.outer(vol, vol) * corr * dt
    shocks = noise @ np.linalg.cholesky(cov).T
    drift = -0.5 * np.diag(cov)
    log_path = np.cumsum(np.vstack([np.zeros(len(start)), drift + shocks]), axis=0)
    return start * np.exp(log_path), drift
