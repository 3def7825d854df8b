"""A matrix and its transpose."""

from lockstep.explain.evidence import Evidence
from lockstep.explain.reasons.common import rows_of, same, same_size
from lockstep.model.report import Reason

ORDER = 20
KEYS = {
    "transposed": "The port's matrix is the transpose of Octave's.",
    "memory-order": "The elements are read row by row in the port, column by column in Octave.",
}


def detect(evidence: Evidence) -> Reason | None:
    """State that one value is the transpose of the other, or read in the other order."""
    found = same_size(evidence)
    if found is None or len(found.own_shape) < 2:
        return None
    rows = rows_of(evidence)
    if rows is None or not same(rows, found.octave):
        return None
    if found.own_shape == found.octave_shape[::-1] and len(found.own_shape) == 2:
        return Reason("transposed", "the port's value is the transpose of Octave's")
    return Reason("memory-order", "the port has Octave's elements row by row for column by column")
