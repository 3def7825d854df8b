"""The right sizes with wrong signs."""

import numpy as np

from lockstep.explain.evidence import Evidence
from lockstep.explain.reasons.common import same, same_size
from lockstep.model.report import Reason

ORDER = 50
KEYS = {
    "signs": "The sizes agree and the signs do not, of some elements or of whole columns.",
}


def detect(evidence: Evidence) -> Reason | None:
    """State that the signs alone differ, of some elements or of whole columns or rows."""
    found = same_size(evidence)
    if found is None or not same(np.abs(found.own), np.abs(found.octave)):
        return None
    if not (np.isrealobj(found.own) and np.isrealobj(found.octave)):
        return None
    apart = np.sign(found.own) != np.sign(found.octave)
    text = f"the signs alone differ, of {int(apart.sum())} of {apart.size} elements"
    if len(found.own_shape) == 2 and found.own_shape == found.octave_shape:
        grid = apart.reshape(found.own_shape, order="F") | (found.own == 0).reshape(
            found.own_shape, order="F"
        )
        if grid.all(axis=0).sum() * grid.shape[0] >= apart.sum():
            text = f"the signs of {int(grid.all(axis=0).sum())} columns are turned round"
    return Reason("signs", text)
