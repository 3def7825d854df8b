"""The same elements in another order."""

from typing import Any

import numpy as np

from lockstep.explain.evidence import Evidence
from lockstep.explain.reasons.common import grids, same, same_grid, same_size
from lockstep.model.report import Reason

ORDER = 30
KEYS = {
    "reverse-order": "The elements, rows or columns are in the reverse order.",
    "shifted": "The elements, rows or columns are shifted circularly.",
    "permuted": "The same elements, rows or columns are in another order.",
}

MOST_SHIFTED = 2000
"""Elements beyond which a circular shift is not looked for."""

Array = np.ndarray[Any, Any]


def detect(evidence: Evidence) -> Reason | None:
    """State in which order the port has Octave's elements."""
    found = same_size(evidence)
    if found is None or found.own.size < 2 or found.own_shape != found.octave_shape:
        return None
    own, octave = found.own, found.octave
    if not same(np.sort(own), np.sort(octave)):
        return None
    n = own.size
    if same(own[::-1], octave):
        return Reason("reverse-order", f"the port has Octave's {n} elements in the reverse order")
    grid, other = grids(found)
    for axis in range(grid.ndim if grid.ndim > 1 else 0):
        lines = {0: "rows", 1: "columns"}.get(axis, f"slices along dimension {axis + 1}")
        reason = _of_lines(np.moveaxis(grid, axis, 0), np.moveaxis(other, axis, 0), lines)
        if reason is not None:
            return reason
    if k := _shift(own, octave):
        text = f"the port's elements are Octave's shifted circularly by {min(k, n - k)}"
        return Reason("shifted", text)
    return Reason("permuted", f"the port has Octave's {n} elements in another order")


def _of_lines(own: Array, octave: Array, lines: str) -> Reason | None:
    """Look at whole rows, columns or slices, which both have along their first axis here."""
    if same_grid(own[::-1], octave):
        return Reason("reverse-order", f"the {lines} are in the reverse order")
    if k := _shift(own, octave):
        by = min(k, len(own) - k)
        return Reason("shifted", f"the {lines} are Octave's shifted circularly by {by}")
    if same(_sorted(own), _sorted(octave)):
        return Reason("permuted", f"the {lines} are Octave's in another order")
    return None


def _shift(own: Array, octave: Array) -> int:
    """Return by how much one is shifted against the other along the first axis; 0 for no such."""
    if own.size > MOST_SHIFTED:
        return 0
    shifts = range(1, len(own))
    return next((k for k in shifts if same_grid(np.roll(own, k, axis=0), octave)), 0)


def _sorted(lines: Array) -> Array:
    flat = lines.reshape(len(lines), -1)
    return flat[np.lexsort(flat.T[::-1])].ravel()
