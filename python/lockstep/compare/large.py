"""Leaves of many elements: what is looked at of them, so that no copy of the whole is made.

Elements that are the same on both sides cannot change a verdict. So a large leaf is judged by those
that differ, and by what their floor depends on: its largest element, and their neighbours. Where
most of them differ, a sample with the worst comes first, for one wrong element is enough; only if
all of the sample agree, all that differ are judged, in portions. May import `distance`, `leaves`,
`floor`, `verdict` and `model`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from lockstep.compare.distance import Distance, distance
from lockstep.compare.floor import NEIGHBOURS, run_values
from lockstep.compare.leaves import Leaf
from lockstep.compare.verdict import LeafResult, Verdict, worst
from lockstep.model.blocks import blocks, same_bits

LARGE = 10**5
"""Elements beyond which a leaf is large."""

PORTION = 10**6
"""Elements that are judged at once."""

SAMPLE = 20_000
"""Elements of a sample, evenly spread."""

WORST = 500
"""So many elements that are farthest apart are in the sample as well, and kept of a result."""

PARTS = ("absolute", "relative", "ulps", "unequal")
"""Of a distance."""

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Look:
    """What is looked at of a large leaf.

    Attributes
    ----------
    leaf : Leaf
        All of it.
    places : ndarray
        The elements that are looked at, in memory order, column by column.
    differing : int
        How many elements of the whole leaf differ.
    is_sample : bool
        Whether others differ as well.
    """

    leaf: Leaf
    places: Array
    differing: int
    is_sample: bool = False

    @property
    def part(self) -> Leaf:
        """The leaf with these elements alone, as a column."""
        return replace(
            self.leaf,
            octave=taken(self.leaf.octave, self.places),
            python=taken(self.leaf.python, self.places),
        )

    def of_run(self, run: Leaf) -> Leaf:
        """Return the same elements of a run of the port."""
        values = run.python
        if not isinstance(values, np.ndarray) or values.shape != self.leaf.python.shape:
            values = run_values(self.leaf.python, values)
        return replace(run, python=taken(values, self.places))

    def of_octave(self, values: Array) -> Array:
        """Return the same elements of another value of Octave's."""
        return taken(values, self.places)

    def whole(self, result: LeafResult) -> LeafResult:
        """Return a result on the part as one on the leaf; only the worst elements are kept."""
        return _cut(
            replace(
                result,
                places=self.places,
                shape_of_all=self.leaf.octave.shape,
                differing_of_all=self.differing,
            )
        )


def is_large(leaf: Leaf) -> bool:
    """Whether a leaf is judged by a part of it."""
    sides = leaf.octave, leaf.python
    return (
        leaf.compared
        and not leaf.mismatch
        and all(isinstance(side, np.ndarray) and side.dtype != object for side in sides)
        and leaf.python.size > LARGE
    )


def first_look(leaf: Leaf) -> Look:
    """Choose what is looked at first: all that differs, or a sample of it."""
    seen = _Seen()
    for begin, (theirs, ours) in blocks(leaf.octave, leaf.python):
        seen.add(begin, theirs, ours)
    if seen.count <= PORTION // (2 * NEIGHBOURS + 1):
        return Look(leaf, _with_neighbours([*seen.differing, seen.largest], leaf), seen.count)
    spread = np.linspace(0, leaf.python.size - 1, SAMPLE).astype(np.int64)
    places = _with_neighbours([seen.farthest, seen.largest, spread], leaf)
    return Look(leaf, places, seen.count, is_sample=True)


def portions(look: Look) -> Iterator[Look]:
    """Yield all of a leaf of which a sample was looked at, one portion after the other."""
    largest = _largest(look.part)
    for begin in range(0, look.leaf.python.size, PORTION):
        end = min(begin + PORTION, look.leaf.python.size)
        own = np.arange(max(0, begin - NEIGHBOURS), min(end + NEIGHBOURS, look.leaf.python.size))
        yield replace(look, places=np.union1d(own, look.places[largest]), is_sample=False)


def parted(look: Look, result: LeafResult) -> tuple[LeafResult, Look | None]:
    """Part a result after a few runs: what agrees with it, and what is to be looked at again."""
    if result.distance is None or result.allowed is None:
        return result, None
    beyond = (result.distance.unequal & ~(result.distance.absolute <= result.allowed)).ravel()
    if not beyond.any():
        return result, None
    agreeing = _with(replace(result, verdict=Verdict.ROUNDING, excused=0, jumps=False), ~beyond)
    largest = look.places[_largest(look.part)]
    places = _with_neighbours([look.places[beyond], largest], look.leaf)
    return agreeing, replace(look, places=places)


def together_as_looks(looks: Sequence[Look]) -> Iterator[Look]:
    """Yield looks at what several looks are at, each at no more than a portion."""
    if looks:
        places = np.unique(np.concatenate([one.places for one in looks]))
        for begin in range(0, places.size, PORTION):
            yield replace(looks[0], places=places[begin : begin + PORTION])


def together(results: Sequence[LeafResult]) -> LeafResult:
    """Make one result of those on portions of a leaf."""
    kept = [one for one in results if one.distance is not None]
    first = max(results, key=lambda one: list(Verdict).index(one.verdict))
    leaf = replace(
        first.leaf,
        octave=np.concatenate([one.leaf.octave for one in kept]),
        python=np.concatenate([one.leaf.python for one in kept]),
    )
    joined = replace(
        first,
        leaf=leaf,
        verdict=worst([one.verdict for one in results]),
        distance=Distance(
            *(np.concatenate([getattr(one.distance, name) for one in kept]) for name in PARTS)
        ),
        allowed=np.concatenate([_allowed(one) for one in kept]),
        places=np.concatenate([one.places for one in kept if one.places is not None]),
        excused=sum(one.excused for one in results),
        jumps=any(one.jumps for one in results),
        floor=max(one.floor for one in results),
    )
    return _cut(joined)


def taken(values: Array, places: Array) -> Array:
    """Return some elements of an array, counted column by column, as a column."""
    return np.asarray(values.T.flat[places])[:, np.newaxis]


class _Seen:
    """What a walk through both sides has met."""

    def __init__(self) -> None:
        self.count = 0
        self.differing: list[Array] = []
        self.largest = np.zeros(2, np.int64)
        self.farthest = np.zeros(0, np.int64)
        self._sizes = [-1.0, -1.0]
        self._weights = np.zeros((2, 0))

    def add(self, begin: int, theirs: Array, ours: Array) -> None:
        for side, values in enumerate((theirs, ours)):
            if values.dtype.kind in "fc":
                self._look_at_sizes(side, begin, values)
        if same_bits(theirs, ours):
            return
        apart = distance(theirs, ours)
        found = np.flatnonzero(apart.unequal)
        self.count += found.size
        if self.count <= PORTION:
            self.differing.append(found + begin)
        self._look_at_worst(found + begin, apart.absolute[found], apart.ulps[found])

    def _look_at_sizes(self, side: int, begin: int, values: Array) -> None:
        sizes = np.abs(values)
        sizes[~np.isfinite(sizes)] = 0.0
        at = int(np.argmax(sizes))
        if sizes[at] > self._sizes[side]:
            self._sizes[side], self.largest[side] = float(sizes[at]), begin + at

    def _look_at_worst(self, places: Array, absolute: Array, ulps: Array) -> None:
        weights = np.nan_to_num(np.stack([absolute, ulps]), nan=np.inf)
        self.farthest = np.concatenate([self.farthest, places])
        self._weights = np.concatenate([self._weights, weights], axis=1)
        kept = np.unique(np.concatenate([_most(one, WORST) for one in self._weights]))
        self.farthest, self._weights = self.farthest[kept], self._weights[:, kept]


def agree_everywhere(one: Array, other: Array, agrees: Any) -> bool:
    """Whether blocks of two arrays of one shape agree, all of them.

    Parameters
    ----------
    one, other : ndarray
        The arrays.
    agrees : callable
        Says so of two blocks that are not the same, and of where they begin.
    """
    return all(
        same_bits(first, second) or agrees(begin, first, second)
        for begin, (first, second) in blocks(one, other)
    )


def _most(weights: Array, count: int) -> Array:
    """Return the places of the largest of some weights, of like ones the first."""
    if weights.size <= count:
        return np.arange(weights.size)
    return np.argsort(-weights, kind="stable")[:count]


def _largest(leaf: Leaf) -> Array:
    found = [
        int(np.argmax(np.where(np.isfinite(sizes := np.abs(side.ravel())), sizes, 0.0)))
        for side in (leaf.octave, leaf.python)
        if side.dtype.kind in "fc"
    ]
    return np.array(found, np.int64)


def _with_neighbours(places: Sequence[Array], leaf: Leaf) -> Array:
    around = np.arange(-NEIGHBOURS, NEIGHBOURS + 1)
    found = np.concatenate(places)[:, np.newaxis] + around
    return np.unique(np.clip(found, 0, leaf.python.size - 1))


def _allowed(result: LeafResult) -> Array:
    assert result.distance is not None
    return np.zeros_like(result.distance.absolute) if result.allowed is None else result.allowed


def _cut(result: LeafResult) -> LeafResult:
    """Keep the worst elements alone of a result on a large leaf."""
    apart = result.distance
    if apart is None or result.places is None:
        return result
    weights = [np.nan_to_num(apart.ulps.ravel(), nan=np.inf)]
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        excess = apart.absolute.ravel() / _allowed(result).ravel()
    weights.append(np.nan_to_num(excess, nan=np.inf))
    weights = [np.where(apart.unequal.ravel(), one, -1.0) for one in weights]
    kept = np.unique(np.concatenate([_most(one, WORST) for one in weights]))
    chosen = np.zeros(apart.unequal.size, bool)
    chosen[kept] = apart.unequal.ravel()[kept]
    return replace(_with(result, chosen), places=result.places[chosen])


def _with(result: LeafResult, chosen: Array) -> LeafResult:
    """Return a result on a part with some of its elements."""
    apart = result.distance
    assert apart is not None

    def of(values: Array) -> Array:
        return np.asarray(values.ravel()[chosen])[:, np.newaxis]

    return replace(
        result,
        leaf=replace(result.leaf, octave=of(result.leaf.octave), python=of(result.leaf.python)),
        distance=Distance(
            of(apart.absolute), of(apart.relative), of(apart.ulps), of(apart.unequal)
        ),
        allowed=None if result.allowed is None else of(result.allowed),
    )
