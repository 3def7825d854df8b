import numpy as np


def gravityInverse(xs, zs, xo, g, tol):
    dx = xo[:, None] - xs
    kernel = 2 * zs / (dx**2 + zs**2)
    sv = np.linalg.svd(kernel, compute_uv=False)
    density = np.linalg.pinv(kernel, rcond=tol) @ g
    return density, float(np.sum(sv > tol)), kernel @ density
