import numpy as np


def planeFit(points):
    center = points.mean(axis=0)
    _, _, axes = np.linalg.svd(points - center, full_matrices=False)
    normal = axes[2]
    normal = normal * np.sign(normal[np.argmax(np.abs(normal))])
    distance = (points - center) @ normal
    return normal, center @ normal, np.sqrt(np.mean(distance**2))
