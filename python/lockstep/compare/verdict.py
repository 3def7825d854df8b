"""Is a difference rounding or an error? The verdict, and the floor that it is measured by.

Two right programs differ by rounding, and how much depends on the function and on the input. So
no tolerance is picked: the port is run again with its numbers nudged by one ulp (see
`lockstep.sides.port`), and how far its results move is the rounding floor. A difference within
`MARGIN` times the floor is rounding, one beyond it is an error of the port (or of Octave). May
import `leaves`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
from scipy.ndimage import maximum_filter1d

from lockstep.compare.leaves import Distance, Leaf, common_part, distance, is_vector

NUDGED_RUNS = 4
"""How often the port is run with nudged numbers."""

MARGIN = 64.0
"""How many times the rounding floor a difference may be and still be rounding.

tests/benchmarks/rounding_floor.py measures what right pairs need in their outputs. In the traces of
this project it is 52 at most: the sum of 5,000 terms that are almost equal, of which the roundings
add up one way, where nudged terms move it both ways.
"""

NEIGHBOURS = 5
"""Elements, in memory order, whose largest movement is the floor of the one in their middle: four
runs may by chance leave a single element where it was."""


class Verdict(StrEnum):
    """What a comparison found; the later in this list, the worse."""

    IDENTICAL = "identical"
    ROUNDING = "rounding"
    DEVIATION = "deviation"
    DIFFERENT = "different"
    ERROR = "error"

    @property
    def agrees(self) -> bool:
        """Whether the port is right as far as this goes."""
        return self in (Verdict.IDENTICAL, Verdict.ROUNDING, Verdict.DEVIATION)


def worst(verdicts: Sequence[Verdict]) -> Verdict:
    """Return the worst of some verdicts; `identical` of none."""
    order = list(Verdict)
    return max(verdicts, key=order.index, default=Verdict.IDENTICAL)


@dataclass(frozen=True)
class LeafResult:
    """The comparison of one leaf of one output.

    Attributes
    ----------
    name : str
        Output and path in it, as Octave writes it.
    leaf : Leaf
        Both values. Where the length of a vector hangs on rounding (it changes when the port's
        numbers are nudged), the elements that both sides have; `mismatch` then tells the shapes.
    verdict : Verdict
        Of this leaf.
    distance : Distance or None
        Elementwise; None where the values cannot be compared element by element.
    allowed : ndarray or None
        Largest absolute difference that is rounding, elementwise; None where it was not needed.
    tolerance : str
        The declared tolerance that it needed to agree; empty where it needed none.
    """

    name: str
    leaf: Leaf
    verdict: Verdict
    distance: Distance | None = None
    allowed: np.ndarray[Any, Any] | None = None
    tolerance: str = ""

    @property
    def is_measured(self) -> bool:
        """Whether it is rounding for the sake of what the nudged runs did."""
        if self.verdict is not Verdict.ROUNDING or self.distance is None or self.tolerance:
            return False
        return not bool(np.all(self.distance.ulps <= MARGIN))

    @property
    def worst_index(self) -> tuple[int, ...] | None:
        """Where the difference is largest: beyond what is allowed, else in ulps. 0-based."""
        if self.distance is None or not self.distance.unequal.any():
            return None
        return self.worst_indices(1)[0]

    def worst_indices(self, count: int) -> list[tuple[int, ...]]:
        """List where the differences are largest, the largest first; none where they are equal."""
        if self.distance is None:
            return []
        weight, unequal = self._weight.ravel(), self.distance.unequal.ravel()
        order = np.argsort(-weight, kind="stable")
        places = [place for place in order[: count + weight.size - unequal.sum()] if unequal[place]]
        shape = self.distance.unequal.shape
        return [tuple(int(i) for i in np.unravel_index(place, shape)) for place in places[:count]]

    @property
    def _weight(self) -> np.ndarray[Any, Any]:
        assert self.distance is not None
        ulps = np.where(np.isnan(self.distance.ulps), np.inf, self.distance.ulps)
        if self.verdict is not Verdict.DIFFERENT or self.allowed is None:
            return ulps
        with np.errstate(divide="ignore", over="ignore", invalid="ignore"):
            excess = self.distance.absolute / self.allowed
        return np.where(self.distance.unequal, np.where(np.isnan(excess), np.inf, excess), -1.0)

    @property
    def times_floor(self) -> float:
        """Largest difference in rounding floors: beyond `MARGIN` it is not rounding."""
        if self.distance is None or self.allowed is None:
            return 0.0
        unequal = self.distance.unequal
        with np.errstate(divide="ignore", over="ignore", invalid="ignore"):
            times = self.distance.absolute[unequal] / self.allowed[unequal] * MARGIN
        return float(np.max(np.where(np.isnan(times), 0.0, times), initial=0.0))

    @property
    def largest_ulps(self) -> float:
        """Largest difference in ulps; 0 where all is equal or the class has no ulps."""
        if self.distance is None or self.distance.ulps.size == 0:
            return 0.0
        return float(np.nanmax(self.distance.ulps, initial=0.0))


def judge_leaf(name: str, leaf: Leaf, nudged: list[Leaf]) -> LeafResult:
    """Give a verdict on a leaf that differs, from the same leaf of the nudged runs."""
    if leaf.mismatch:
        part = common_part(leaf)
        if part is None or all(other.python_shape == leaf.python_shape for other in nudged):
            return LeafResult(name, leaf, Verdict.DIFFERENT)
        leaf = part
    measured = distance(leaf.octave, leaf.python)
    floor = np.zeros(leaf.python.shape)
    for other in nudged:
        floor = np.maximum(floor, _movement(leaf.python, other.python))
    allowed = MARGIN * np.maximum(_widened(floor), _one_ulp(leaf.octave))
    beyond = measured.unequal & ~(measured.absolute <= allowed)
    verdict = Verdict.DIFFERENT if beyond.any() else Verdict.ROUNDING
    return LeafResult(name, leaf, verdict, measured, allowed)


def leaf_distance(leaf: Leaf) -> Distance | None:
    """Measure how far apart the two values of a leaf are; None where that cannot be said."""
    return None if leaf.mismatch or not leaf.compared else distance(leaf.octave, leaf.python)


def _movement(python: np.ndarray[Any, Any], nudged: Any) -> np.ndarray[Any, Any]:
    """Measure how far each element moved; what a shorter vector lacks counts as unmoved."""
    after = np.asarray(nudged)
    moved = np.zeros(python.size)
    resized = after.size != python.size
    if python.dtype.kind == "U" or (resized and not (is_vector(python) and is_vector(after))):
        return moved.reshape(python.shape, order="F")
    after = after.ravel(order="F")[: python.size]
    before = python.ravel(order="F")[: after.size]
    if python.dtype.kind in "fc":
        moved[: after.size] = distance(before, after).absolute
    else:
        moved[: after.size] = np.where(before != after, np.inf, 0.0)
    return moved.reshape(python.shape, order="F")


def _widened(floor: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    flat = (
        maximum_filter1d(floor.ravel(order="F"), NEIGHBOURS, mode="nearest")
        if floor.size
        else floor
    )
    return np.asarray(flat).reshape(floor.shape, order="F")


def _one_ulp(values: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    if values.dtype.kind not in "fc":
        return np.zeros(values.shape)
    return np.spacing(np.where(np.isfinite(values), np.abs(values), 0.0))
