import numpy as np


def gaussPivot(A, b):
    n = len(A)
    M = np.column_stack([A, b])
    d = 1.0
    for k in range(n):
        i = k + np.argmax(np.abs(M[k:, k]))
        if abs(M[i, k]) < 1e-12:
            return np.full(n, np.nan), 0.0
        if i != k:
            tmp = M[k]
            M[k] = M[i]
            M[i] = tmp
            d = -d
        d = d * M[k, k]
        for r in range(k + 1, n):
            M[r] = M[r] - M[r, k] / M[k, k] * M[k]
    x = np.zeros(n)
    for k in range(n - 1, -1, -1):
        x[k] = (M[k, n] - M[k, :n] @ x) / M[k, k]
    return x, float(d)
