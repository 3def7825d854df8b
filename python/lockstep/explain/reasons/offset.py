"""A constant that is added or lacking."""

import numpy as np

from lockstep.explain.evidence import Evidence
from lockstep.explain.reasons.common import same, same_size
from lockstep.model.report import Reason

ORDER = 40
KEYS = {
    "offset": "All elements are off by one constant: 1 where an index counts from another base.",
}


def detect(evidence: Evidence) -> Reason | None:
    """State that all elements are off by one constant."""
    found = same_size(evidence)
    if found is None or not (np.isrealobj(found.own) and np.isrealobj(found.octave)):
        return None
    finite = np.isfinite(found.own) & np.isfinite(found.octave)
    if not finite.any() or not np.array_equal(found.own[~finite], found.octave[~finite], True):
        return None
    own, octave = found.own[finite], found.octave[finite]
    apart = octave - own
    offset = float(np.median(apart))
    is_whole = offset == round(offset) and np.array_equal(own, np.round(own))
    if (own.size < 2 and not is_whole) or offset == 0 or not same(own + offset, octave):
        return None
    if np.abs(offset) < 1e-9 * np.abs(octave).max():
        return None
    way = "less" if offset > 0 else "more"
    text = f"the port's value is {abs(offset):.6g} {way} than Octave's, in {found.count}"
    return Reason("offset", text)
