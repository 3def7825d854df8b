import numpy as np


def gaussSeidel(A, b, tol, maxit):
    n = len(b)
    x = np.zeros(n)
    it = 0
    step = np.inf
    while step > tol and it < maxit:
        xold = x.copy()
        for i in range(n):
            s = A[i] @ x - A[i, i] * x[i]
            x[i] = (b[i] - s) / A[i, i]
        step = np.max(np.abs(x - xold))
        it += 1
    res = np.linalg.norm(b - A @ x)
    return x, float(it), float(res)
