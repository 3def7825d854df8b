"""What a comparison found: the verdict, and all that is known of one leaf of an output.

`judging` reaches it. May import `distance`, `floor` and `leaves`.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np

from lockstep.compare.distance import Distance
from lockstep.compare.floor import MARGIN, NUDGED_RUNS, PERTURBED_RUNS
from lockstep.compare.leaves import Leaf, largest_number


class Verdict(StrEnum):
    """What a comparison found; the later in this list, the worse."""

    IDENTICAL = "identical"
    ROUNDING = "rounding"
    DEVIATION = "deviation"
    UNTESTABLE = "untestable"
    """The floor is as large as the value, or nothing was compared: neither right nor wrong."""
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
class Element:
    """One element of a leaf.

    Attributes
    ----------
    octave, python : Any
        Both values.
    absolute, relative, ulps : float
        How far apart they are.
    allowed : float or None
        The largest absolute difference that is rounding; None where it was not needed.
    """

    octave: Any
    python: Any
    absolute: float
    relative: float
    ulps: float
    allowed: float | None


@dataclass(frozen=True)
class LeafResult:
    """The comparison of one leaf of one output.

    Attributes
    ----------
    name : str
        Output and path in it, as Octave writes it.
    leaf : Leaf
        Both values. Where the length of a vector depends on rounding (it changes when the port
        rounds otherwise), the elements that both sides have; `mismatch` then tells the shapes.
    verdict : Verdict
        Of this leaf.
    distance : Distance or None
        Elementwise; None where the values cannot be compared element by element.
    allowed : ndarray or None
        Largest absolute difference that is rounding, elementwise; None where it was not needed.
    tolerance : str
        The declared tolerance that it needed to agree; empty where it needed none.
    convention : str
        The one convention up to which the two sides agree, where they differ otherwise; or that
        the case allows (see `lockstep.compare.conventions`).
    excused : int
        How many elements jump with rounding and are Octave's in a perturbed run.
    jumps : bool
        Whether a decision may be what differs (something jumps, or is a whole number, a text, a
        shape), and Octave's value was not among those that the runs gave.
    is_adrift : bool
        Whether whole numbers, or the length, took many values in the runs: Octave's own runs are
        to say whether it is so there.
    floor : float
        How far rounding alone moves the leaf, where that is as much as its size; else 0.
    places : ndarray or None
        Of a large leaf not all elements are kept (see `lockstep.compare.large`): where in the
        leaf those stand that `leaf`, `distance` and `allowed` have, column by column.
    shape_of_all, differing_of_all : tuple of int, int
        Its shape, and how many of its elements differ.
    """

    name: str
    leaf: Leaf
    verdict: Verdict
    distance: Distance | None = None
    allowed: np.ndarray[Any, Any] | None = None
    tolerance: str = ""
    convention: str = ""
    excused: int = 0
    jumps: bool = False
    is_adrift: bool = False
    floor: float = 0.0
    places: np.ndarray[Any, Any] | None = None
    shape_of_all: tuple[int, ...] = ()
    differing_of_all: int = 0

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of Octave's value; () where it has none."""
        own: tuple[int, ...] = getattr(self.leaf.octave, "shape", ())
        return own if self.places is None else self.shape_of_all

    @property
    def differing(self) -> int:
        """How many elements differ; 0 where that cannot be said."""
        if self.places is not None:
            return self.differing_of_all
        return 0 if self.distance is None else int(self.distance.unequal.sum())

    def element(self, index: tuple[int, ...]) -> Element:
        """Return the element at one of the indices of `worst_indices`."""
        assert self.distance is not None
        apart = self.distance
        if self.places is not None:
            place = int(np.ravel_multi_index(index, self.shape_of_all, order="F"))
            index = (int(np.searchsorted(self.places, place)), 0)
        return Element(
            self.leaf.octave[index],
            self.leaf.python[index],
            float(apart.absolute[index]),
            float(apart.relative[index]),
            float(apart.ulps[index]),
            None if self.allowed is None else float(self.allowed[index]),
        )

    @property
    def class_note(self) -> str:
        """How the classes differ: ``int64 for double``; empty where they do not."""
        return self.leaf.class_note

    @property
    def hangs_on_a_decision(self) -> bool:
        """Whether it agrees because rounding takes a decision of the port's either way."""
        is_cut = bool(self.leaf.mismatch) and self.distance is not None
        return self.verdict.agrees and not self.tolerance and (bool(self.excused) or is_cut)

    @property
    def is_settled(self) -> bool:
        """Whether further runs can change nothing: it agrees, but for its class at most.

        What is excused may yet turn out to round: a few runs may all go the same way.
        """
        return (self.verdict.agrees and not self.excused) or self.convention == "class"

    @property
    def is_clear(self) -> bool:
        """Whether what is allowed is less than the leaf's size, and would be after more runs.

        Those that were not made count as if nothing had moved in them.
        """
        if self.distance is None or self.allowed is None:
            return True
        allowed = float(np.max(self.allowed, where=self.distance.unequal, initial=0.0))
        return math.sqrt(PERTURBED_RUNS + NUDGED_RUNS) * allowed < largest_number(self.leaf)

    @property
    def is_measured(self) -> bool:
        """Whether it is rounding for the sake of what the runs did."""
        if self.tolerance or self.distance is None:
            return False
        if self.verdict not in (Verdict.ROUNDING, Verdict.UNTESTABLE):
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
        found = places[:count]
        if self.places is not None:
            every = [np.unravel_index(self.places[one], self.shape_of_all, "F") for one in found]
        else:
            every = [np.unravel_index(one, self.distance.unequal.shape) for one in found]
        return [tuple(int(i) for i in index) for index in every]

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
