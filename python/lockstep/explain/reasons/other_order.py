"""The same elements in another order."""

import numpy as np

from lockstep.explain.evidence import Evidence
from lockstep.explain.reasons.common import same, same_size
from lockstep.model.report import Reason

ORDER = 30

MOST_SHIFTED = 2000
"""Elements beyond which a circular shift is not looked for."""


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
        return Reason("reversed", f"the port has Octave's {n} elements in the reverse order")
    if len(found.own_shape) == 2:
        grid, other = (v.reshape(found.own_shape, order="F") for v in (own, octave))
        for axis, word in ((0, "rows"), (1, "columns")):
            if same(np.flip(grid, axis).ravel(order="F"), octave):
                return Reason("reversed", f"the {word} are in the reverse order")
            lines, others = (np.moveaxis(v, axis, 0) for v in (grid, other))
            if same(_sorted(lines), _sorted(others)):
                return Reason("permuted", f"the {word} are Octave's in another order")
    for k in range(1, n if n <= MOST_SHIFTED else 0):
        if same(np.roll(own, k), octave):
            text = f"the port's elements are Octave's shifted circularly by {min(k, n - k)}"
            return Reason("shifted", text)
    return Reason("permuted", f"the port has Octave's {n} elements in another order")


def _sorted(lines: np.ndarray) -> np.ndarray:
    return lines[np.lexsort(lines.T[::-1])].ravel()
