import numpy as np


def _safe_log(p):
    return np.log(np.maximum(p, np.finfo(float).min))


def klDivergence(counts, reference):
    p = counts / counts.sum(axis=1, keepdims=True)
    q = reference / reference.sum()
    divergence = np.sum(p * (_safe_log(p) - _safe_log(q)), axis=1)
    bits = -np.sum(p * _safe_log(p), axis=1) / np.log(2)
    return divergence, bits, 2 ** bits.mean()
