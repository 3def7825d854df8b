"""The same array with its axes in another order."""

from itertools import permutations

from lockstep.explain.evidence import Evidence
from lockstep.explain.reasons.common import grids, same_grid, same_size
from lockstep.model.report import Reason

ORDER = 21
KEYS = {"permuted-axes": "An array of three or more dimensions has its axes in another order."}

MOST = 5
"""Dimensions of an array of which every order is tried."""


def detect(evidence: Evidence) -> Reason | None:
    """State in which order Octave's axes stand in the port."""
    found = same_size(evidence)
    if found is None or not 3 <= len(found.own_shape) <= MOST:
        return None
    if len(found.octave_shape) != len(found.own_shape):
        return None
    own, octave = grids(found)
    for order in permutations(range(own.ndim)):
        if order != tuple(range(own.ndim)) and same_grid(octave.transpose(order), own):
            shown = ", ".join(str(axis + 1) for axis in order)
            text = f"the dimensions of the port's value are Octave's in the order {shown}"
            return Reason("permuted-axes", text)
    return None
