"""NaN and infinite numbers on one side only."""

import numpy as np

from lockstep.explain.evidence import Evidence
from lockstep.explain.reasons.common import same, same_size
from lockstep.model.report import Reason

ORDER = 10
KEYS = {
    "nan-elements": "One side has NaN where the other has numbers; all other elements agree.",
    "inf-elements": "One side has Inf where the other has numbers; all other elements agree.",
}


def detect(evidence: Evidence) -> Reason | None:
    """State that NaN or Inf alone make the difference, and where."""
    found = same_size(evidence)
    if found is None:
        return None
    for word, test in (("NaN", np.isnan), ("Inf", np.isinf)):
        own, octave = test(found.own), test(found.octave)
        apart = own != octave
        if apart.any() and same(found.own[~apart], found.octave[~apart]):
            side = "the port" if own[apart].all() else "Octave" if octave[apart].all() else ""
            if side:
                n = int(apart.sum())
                text = f"{side} has {word} at {n} of {apart.size} elements, the others agree"
                return Reason(f"{word.lower()}-elements", text)
    return None
