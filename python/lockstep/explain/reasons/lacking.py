"""Elements that one side has and the other lacks, at the beginning or at the end."""

from typing import Any

import numpy as np

from lockstep.explain.evidence import Evidence
from lockstep.explain.reasons.common import Values, grids, same_grid, values
from lockstep.model.report import Reason

ORDER = 30
KEYS = {
    "lacking": "The first or last elements, rows or columns are lacking, or too many.",
    "shape": "The two values have other sizes.",
}

Array = np.ndarray[Any, Any]


def detect(evidence: Evidence) -> Reason | None:
    """State which elements are lacking or too many, where all the others agree."""
    found = values(evidence)
    if found is None or found.own.size == found.octave.size:
        return None
    if max(len(found.own_shape), len(found.octave_shape)) > 1:
        return _lines(found) or _shape(found.own_shape, found.octave_shape)
    short, long = sorted((found.own, found.octave), key=lambda v: v.size)
    text = _ends(short, long, "element", found.own is short)
    return Reason("lacking", text) if text else _shape(found.own_shape, found.octave_shape)


def _ends(short: Array, long: Array, line: str, in_port: bool) -> str:
    """Say that one has more at the beginning or the end of its first axis; empty for no such."""
    k = len(long) - len(short)
    if k == 1:
        lacks = "is lacking in the port" if in_port else "is one too many in the port"
    else:
        lacks = "are lacking in the port" if in_port else "are too many in the port"
    for place, part in (("last", long[: len(short)]), ("first", long[k:])):
        if len(short) and same_grid(short, part):
            which = f"the {place} {line}" if k == 1 else f"the {place} {k} {line}s"
            rest = f"the other {len(short)} agree" if len(short) > 1 else "the other one agrees"
            return f"{which} {lacks}, {rest}"
    return ""


def _lines(found: Values) -> Reason | None:
    """Look for rows or columns that are lacking."""
    if len(found.own_shape) != 2 or len(found.octave_shape) != 2:
        return None
    own, octave = grids(found)
    for axis, line in ((0, "row"), (1, "column")):
        if own.shape[1 - axis] != octave.shape[1 - axis]:
            continue
        pair = sorted((np.moveaxis(v, axis, 0) for v in (own, octave)), key=len)
        text = _ends(pair[0], pair[1], line, own.shape[axis] < octave.shape[axis])
        if text:
            return Reason("lacking", text)
    return None


def _shape(own: tuple[int, ...], octave: tuple[int, ...]) -> Reason | None:
    shown = ["x".join(map(str, shape)) or "1" for shape in (own, octave)]
    count = "1 element" if shown[0] == "1" else f"{shown[0]} elements"
    text = f"the port has {count}, Octave {shown[1]}"
    return Reason("shape", text)
