import numpy as np


def shortlist(score, seats, minimum):
    order = np.argsort(-score, kind="stable")
    order = order[score[order] >= minimum][: int(seats)]
    marks = score[order]
    cut = marks[-1] if marks.size else np.nan
    return order + 1.0, marks, cut
