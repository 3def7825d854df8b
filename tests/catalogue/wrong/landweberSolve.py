import numpy as np


def landweberSolve(A, b, iters, lower):
    step = 1 / np.linalg.norm(A) ** 2
    x = np.zeros(A.shape[1])
    misfit = []
    for _ in range(int(iters)):
        x = np.maximum(x + step * (A.T @ (b - A @ x)), lower)
        misfit.append(np.linalg.norm(b - A @ x))
    return x, np.array(misfit)
