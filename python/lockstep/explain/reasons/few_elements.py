"""Most elements agree, and which do not."""

import numpy as np

from lockstep.explain.evidence import Evidence
from lockstep.explain.reasons.common import same_size
from lockstep.model.report import Reason

ORDER = 80
KEYS = {
    "few-elements": "Most elements agree; those that do not are named.",
}

SHOWN = 4
"""Places that are named."""


def detect(evidence: Evidence) -> Reason | None:
    """State which elements differ, where at least two of three agree."""
    found = same_size(evidence)
    if found is None or found.own.size < 3 or found.own_shape != found.octave_shape:
        return None
    own, octave = found.own, found.octave
    equal = (own == octave) | (np.isnan(own) & np.isnan(octave))
    equal |= np.abs(own - octave) <= 1e-10 * np.maximum(np.abs(own), np.abs(octave))
    places = np.flatnonzero(~equal)
    if not places.size or 3 * places.size > own.size:
        return None
    grids = np.unravel_index(places[:SHOWN], found.own_shape, order="F")
    shown = ", ".join(
        "(" + ",".join(str(i + 1) for i in one) + ")" for one in zip(*grids, strict=True)
    )
    more = ", ..." if places.size > SHOWN else ""
    text = f"only {places.size} of {own.size} elements differ, in Octave's notation {shown}{more}"
    return Reason("few-elements", text)
