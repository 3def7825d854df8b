import numpy as np


def pairCorrelations(answers):
    n_items = answers.shape[1]
    corr = np.corrcoef(answers, rowvar=False)
    # The lower triangle by rows is the upper one by columns.
    pairs = corr[np.tril_indices(n_items)]
    average = pairs.mean()
    return pairs, average, n_items * average / (1 + (n_items - 1) * average)
