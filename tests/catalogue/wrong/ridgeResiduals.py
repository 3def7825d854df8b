import numpy as np


def ridgeResiduals(design, response, penalty):
    n, p = design.shape
    target = response[:, None]
    gram = design.T @ design
    damped = gram + penalty * np.eye(p)
    coef = np.linalg.solve(damped, design.T @ target)
    resid = response - design @ coef
    dof = np.trace(np.linalg.solve(damped, gram))
    return coef.ravel(), resid.ravel(), float(np.sum(resid**2) / (n - dof)), float(dof)
