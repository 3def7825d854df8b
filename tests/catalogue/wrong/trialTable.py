import numpy as np


def trialTable(conds, isi, n_blocks, start):
    condition = np.repeat(conds, int(n_blocks))
    lengths = isi[condition.astype(int) - 1]
    onset = np.cumsum(np.concatenate(([start], lengths[:-1])))
    mine = onset[condition == conds[0]]
    gap = float(np.diff(mine).max()) if len(mine) > 1 else 0.0
    return onset, condition, gap
