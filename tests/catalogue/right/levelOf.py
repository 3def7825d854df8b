import numpy as np


def levelOf(x, ref):
    db = 20 * np.log10(np.abs(x) / ref)
    return db, db.min()
