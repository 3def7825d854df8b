"""Whole numbers that are off by one at some elements: another rounding."""

import numpy as np

from lockstep.explain.evidence import Evidence
from lockstep.explain.reasons.common import same_size
from lockstep.model.report import Reason

ORDER = 55
KEYS = {
    "off-by-one-rounding": "Some whole numbers differ by one: another way of rounding.",
    "fraction-cut": "The port has whole numbers where Octave keeps the fractions.",
    "fraction-kept": "Octave has whole numbers where the port keeps the fractions.",
}


def detect(evidence: Evidence) -> Reason | None:
    """State that whole numbers differ by one, or that one side has cut the fractions."""
    found = same_size(evidence)
    if found is None or not (np.isrealobj(found.own) and np.isrealobj(found.octave)):
        return None
    own, octave = found.own, found.octave
    if not (np.isfinite(own).all() and np.isfinite(octave).all()):
        return None
    whole, fraction = np.array_equal(own, np.round(own)), np.array_equal(octave, np.round(octave))
    if whole and fraction:
        apart = np.abs(own - octave)
        if own.size > 1 and apart.max() == 1 and len(np.unique(octave)) > 2:
            n = int(apart.astype(bool).sum())
            return Reason("off-by-one-rounding", f"{n} of {own.size} whole numbers differ by one")
    if whole and not fraction and np.abs(own - octave).max() < 1:
        return Reason("fraction-cut", "the port has whole numbers where Octave keeps the fractions")
    if fraction and not whole and np.abs(own - octave).max() < 1:
        return Reason(
            "fraction-kept", "Octave has whole numbers where the port keeps the fractions"
        )
    return None
