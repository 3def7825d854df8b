"""Differences of the size of single precision."""

import numpy as np

from lockstep.explain.evidence import Evidence
from lockstep.explain.reasons.common import same_size
from lockstep.model.report import Reason

ORDER = 60
KEYS = {
    "single-precision": "The difference has the size of single precision.",
    "nearly": "The values are the same to some digits.",
}

SMALLEST, LARGEST = 2.0**-30, 2.0**-20
"""Relative differences that rounding to single precision makes."""


def detect(evidence: Evidence) -> Reason | None:
    """State that the values are the same up to single precision, or to some digits."""
    found = same_size(evidence)
    if found is None:
        return None
    size = np.maximum(np.abs(found.own), np.abs(found.octave))
    if not np.isfinite(size).all() or not size.max():
        return None
    apart = float((np.abs(found.own - found.octave) / size.max()).max())
    if SMALLEST < apart < LARGEST:
        text = f"the values are the same up to {apart:.0e}, the size of single precision"
        return Reason("single-precision", text)
    if apart < 1e-4:
        return Reason("nearly", f"the values are the same up to {apart:.0e} of the largest")
    return None
