import numpy as np


def viterbiPath(symbols, log_trans, log_emit, log_start):
    emit = log_emit[:, symbols.astype(int) - 1]
    delta = log_start + emit[:, 0]
    origins = []
    for column in emit[:, 1:].T:
        trial = delta[:, None] + log_trans
        origins.append(trial.argmax(axis=0))
        delta = trial.max(axis=1) + column
    state = delta.argmax()
    path = [state]
    for origin in reversed(origins):
        state = origin[state]
        path.append(state)
    return np.array(path[::-1]) + 1.0, float(delta.max())
