import numpy as np
from scipy.linalg import solve_triangular


def regressionQr(predictors, response):
    n = len(predictors)
    design = np.column_stack([np.ones(n), predictors])
    p = design.shape[1]
    q, r = np.linalg.qr(design, mode="complete")
    rotated = q.T @ response
    beta = solve_triangular(r[:p], rotated[:p])
    rss = np.sum(rotated[p:] ** 2)
    variance = rss / (n - p) if n > p else np.nan
    r_inv = solve_triangular(r[:p], np.eye(p))
    return beta, np.sqrt(variance * np.sum(r_inv**2, axis=1)), rss
