"""Text that differs in case, blanks, or one part."""

from typing import Any

import numpy as np

from lockstep.explain.evidence import Evidence
from lockstep.model.report import Reason

ORDER = 10
KEYS = {
    "letter-case": "Two texts differ in upper and lower case only.",
    "blanks": "Two texts differ in blanks only.",
    "other-text": "Two texts differ from some character on.",
}


def detect(evidence: Evidence) -> Reason | None:
    """State how two texts differ."""
    first = evidence.first
    if first is None:
        return None
    pairs = [p for p in zip(_texts(first.own), _texts(first.octave), strict=False) if p[0] != p[1]]
    if not pairs:
        return None
    own, octave = pairs[0]
    if own.lower() == octave.lower():
        return Reason("letter-case", "the texts differ in upper and lower case only")
    if "".join(own.split()) == "".join(octave.split()):
        return Reason("blanks", "the texts differ in blanks only")
    pairs_of_letters = zip(own, octave, strict=False)
    same = [a == b for a, b in pairs_of_letters]
    start = same.index(False) if False in same else len(same)
    shown = f"{own[start : start + 12]!r}, in Octave {octave[start : start + 12]!r}"
    text = f"the texts differ from character {start + 1} (Octave's count) on: {shown}"
    return Reason("other-text", text)


def _texts(value: Any) -> list[str]:
    items = value.ravel(order="F") if isinstance(value, np.ndarray) else value
    if isinstance(items, (list, tuple, np.ndarray)) and all(isinstance(v, str) for v in items):
        return list(items)
    return [value] if isinstance(value, str) else []
