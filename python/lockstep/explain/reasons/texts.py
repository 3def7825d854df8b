"""Text that differs in case, blanks, or one part."""

import os.path

from lockstep.explain.evidence import Evidence
from lockstep.model.report import Reason

ORDER = 10


def detect(evidence: Evidence) -> Reason | None:
    """State how two texts differ."""
    first = evidence.first
    if first is None or not (isinstance(first.own, str) and isinstance(first.octave, str)):
        return None
    own, octave = first.own, first.octave
    if own.lower() == octave.lower():
        return Reason("letter-case", "the texts differ in upper and lower case only")
    if "".join(own.split()) == "".join(octave.split()):
        return Reason("blanks", "the texts differ in blanks only")
    start = len(os.path.commonprefix([own, octave]))
    text = f"the texts differ from character {start + 1} (Octave's count) on: "
    return Reason("text", text + f"{own[start : start + 12]!r}, in Octave {octave[start:][:12]!r}")
