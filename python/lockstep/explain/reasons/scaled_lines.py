"""Columns or rows with a factor of their own each: vectors that are scaled otherwise."""

from typing import Any

import numpy as np

from lockstep.explain.evidence import Evidence
from lockstep.explain.reasons.common import grids, same_size
from lockstep.model.report import Reason

ORDER = 52
KEYS = {"scaled-lines": "Each column, or each row, is Octave's times a factor of its own."}

LEAST = 3
"""Elements of a column."""

CLOSE = 1e-10
"""How near, relative to the largest element of it, a scaled column must be."""

Array = np.ndarray[Any, Any]


def detect(evidence: Evidence) -> Reason | None:
    """State that whole columns or rows are scaled."""
    found = same_size(evidence)
    if found is None or len(found.own_shape) != 2 or found.own_shape != found.octave_shape:
        return None
    own, octave = grids(found)
    if not (np.isfinite(own).all() and np.isfinite(octave).all()):
        return None
    for axis, lines in ((0, "column"), (1, "row")):
        if own.shape[axis] >= LEAST and own.shape[1 - axis] > 1 and _scaled(own, octave, axis):
            text = f"each {lines} is Octave's times a factor of its own"
            return Reason("scaled-lines", text)
    return None


def _scaled(own: Array, octave: Array, axis: int) -> bool:
    """Whether every line along an axis is a multiple of the other one's."""
    size = (np.abs(octave) ** 2).sum(axis=axis, keepdims=True)
    if not size.all():
        return False
    factor = (own * octave.conj()).sum(axis=axis, keepdims=True) / size
    largest = np.abs(own).max(axis=axis, keepdims=True)
    return bool(largest.all() and (np.abs(own - factor * octave) <= CLOSE * largest).all())
