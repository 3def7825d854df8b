import numpy as np


def firstArrival(trace, n_short, n_long, threshold):
    n_short, n_long = int(n_short), int(n_long)
    energy = trace**2
    ratio = np.zeros(len(trace))
    for end in range(n_long, len(trace) + 1):
        long_term = energy[end - n_long : end].mean()
        if long_term > 0:
            ratio[end - 1] = energy[end - n_short : end].mean() / long_term
    onset = 0.0
    for k in range(n_long - 1, len(trace)):
        if ratio[k] > threshold:
            onset = k + 1.0
            break
    return onset, ratio
