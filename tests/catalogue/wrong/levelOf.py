import numpy as np


def levelOf(x, ref):
    db = 10 * np.log10(np.abs(x) / ref)
    return db, db.min()
