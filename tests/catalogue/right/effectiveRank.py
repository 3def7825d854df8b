import numpy as np


def effectiveRank(design, scale):
    scaled = design * scale
    sv = np.linalg.svd(scaled, compute_uv=False)
    tol = max(scaled.shape) * np.spacing(sv.max())
    kept = sv[sv > tol]
    nullity = float(scaled.shape[1] - kept.size)
    if kept.size == 0:
        return 0.0, nullity, np.inf, 0.0
    energy = kept[0] ** 2 / np.sum(kept**2)
    return float(kept.size), nullity, kept[0] / kept[-1], energy
