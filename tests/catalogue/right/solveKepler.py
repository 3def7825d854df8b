import math


def solveKepler(mean_anomaly, ecc, tol, max_iter):
    mean_anomaly = mean_anomaly % (2 * math.pi)
    anomaly = math.pi if ecc > 0.8 else mean_anomaly
    step = math.inf
    n = 0
    while abs(step) >= tol and n < max_iter:
        residual = anomaly - ecc * math.sin(anomaly) - mean_anomaly
        step = residual / (1 - ecc * math.cos(anomaly))
        anomaly -= step
        n += 1
    half = anomaly / 2
    true_anomaly = 2 * math.atan2(
        math.sqrt(1 + ecc) * math.sin(half), math.sqrt(1 - ecc) * math.cos(half)
    )
    return anomaly, true_anomaly, float(n)
