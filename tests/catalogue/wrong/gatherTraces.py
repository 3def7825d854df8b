import numpy as np


def gatherTraces(survey, offsets, limit):
    """Survey is samples by receivers by shots."""
    keep = np.abs(offsets.ravel(order="F")) <= limit
    traces = survey.reshape(survey.shape[0], -1)
    near = traces[:, keep]
    peaks = np.abs(near).max(axis=0)
    gather = near / np.where(peaks > 0, peaks, 1.0)
    return gather, gather.sum(axis=1) / max(1, keep.sum())
