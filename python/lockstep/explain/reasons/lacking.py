"""Elements that one side has and the other lacks, at the beginning or at the end."""

from lockstep.explain.evidence import Evidence
from lockstep.explain.numbers import same_numbers
from lockstep.explain.reasons.common import values
from lockstep.model.report import Reason

ORDER = 30


def detect(evidence: Evidence) -> Reason | None:
    """State which elements are lacking or too many, where all the others agree."""
    found = values(evidence)
    if found is None or found.own.size == found.octave.size:
        return None
    if max(len(found.own_shape), len(found.octave_shape)) > 1:
        return _shape(found.own_shape, found.octave_shape)
    short, long = sorted((found.own, found.octave), key=lambda v: v.size)
    k = long.size - short.size
    lacks = "is lacking in the port" if found.own is short else "is one too many in the port"
    if k > 1:
        lacks = "are lacking in the port" if found.own is short else "are too many in the port"
    for place, part in (("last", long[: short.size]), ("first", long[k:])):
        if same_numbers(short, part):
            which = f"the {place} element" if k == 1 else f"the {place} {k} elements"
            return Reason("lacking", f"{which} {lacks}, the other {short.size} agree")
    return _shape(found.own_shape, found.octave_shape)


def _shape(own: tuple[int, ...], octave: tuple[int, ...]) -> Reason | None:
    shown = ["x".join(map(str, shape)) or "1" for shape in (own, octave)]
    text = f"the port has {shown[0]} elements, Octave {shown[1]}"
    return Reason("shape", text)
