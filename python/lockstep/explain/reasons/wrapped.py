"""Integers that went round."""

import numpy as np

from lockstep.explain.evidence import Evidence
from lockstep.explain.reasons.common import same_size
from lockstep.model.report import Reason

ORDER = 35
KEYS = {
    "wrapped": "Integers that stay at the limit of their class in Octave went round in the port.",
}


def detect(evidence: Evidence) -> Reason | None:
    """State that the port's integers are at their limit in Octave, and went round here."""
    found = same_size(evidence)
    first = evidence.first
    dtype = getattr(first.own if first else None, "dtype", None)
    if found is None or dtype is None or np.dtype(dtype).kind not in "iu":
        return None
    info = np.iinfo(dtype)
    apart = found.own != found.octave
    at_limit = (found.octave[apart] == info.max) | (found.octave[apart] == info.min)
    if not apart.any() or not at_limit.all():
        return None
    n = int(apart.sum())
    text = f"{n} of {apart.size} elements are at the limit of {np.dtype(dtype).name} in Octave, "
    return Reason("wrapped", text + "and went round in the port")
