"""Imaginary parts with the other sign, or lost."""

import numpy as np

from lockstep.explain.evidence import Evidence
from lockstep.explain.reasons.common import same, same_size
from lockstep.model.report import Reason

ORDER = 20
KEYS = {
    "conjugated": "The imaginary parts have the other sign: a .conj() too many or too few.",
    "imaginary-lost": "The port has the real part only of what is complex in Octave.",
}


def detect(evidence: Evidence) -> Reason | None:
    """State how the imaginary parts differ."""
    found = same_size(evidence)
    if found is None or not (np.iscomplexobj(found.own) or np.iscomplexobj(found.octave)):
        return None
    if same(found.own.conj(), found.octave):
        text = f"the port's value is the complex conjugate of Octave's, in {found.count}"
        return Reason("conjugated", text)
    if np.isrealobj(found.own) and same(found.own, found.octave.real):
        return Reason("imaginary-lost", "the port's value is the real part of Octave's")
    return None
