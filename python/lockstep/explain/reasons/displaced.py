"""Elements that stand one place, or a few, too early or too late."""

from typing import Any

import numpy as np

from lockstep.explain.evidence import Evidence
from lockstep.explain.reasons.common import grids, same_grid, same_size
from lockstep.model.report import Reason

ORDER = 38
KEYS = {"displaced": "The elements stand some places too early or too late; new ones come in."}

FARTHEST = 3
"""Places."""

LEAST = 3
"""Elements that must agree: of fewer, some are equal by chance."""

Array = np.ndarray[Any, Any]


def detect(evidence: Evidence) -> Reason | None:
    """State by how many places the elements, rows or columns are displaced."""
    found = same_size(evidence)
    if found is None or found.own_shape != found.octave_shape or not found.own_shape:
        return None
    own, octave = grids(found)
    for axis in range(own.ndim):
        lines = "elements" if own.ndim == 1 else ("rows", "columns")[axis] if axis < 2 else "slices"
        for k in range(1, FARTHEST + 1):
            for places, way in ((k, "later"), (-k, "earlier")):
                if _is_displaced(np.moveaxis(own, axis, 0), np.moveaxis(octave, axis, 0), places):
                    said = "one place" if k == 1 else f"{k} places"
                    return Reason("displaced", f"the {lines} stand {said} {way} than in Octave")
    return None


def _is_displaced(own: Array, octave: Array, places: int) -> bool:
    """Whether what Octave has stands so many places later along the first axis."""
    if places < 0:
        return _is_displaced(octave, own, -places)
    kept = octave[:-places]
    if kept.size < LEAST or len(np.unique(kept)) < LEAST:
        return False
    return same_grid(own[places:], kept)
