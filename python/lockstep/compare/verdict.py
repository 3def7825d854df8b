"""Is a difference rounding or an error? The verdict, and the floor that it is measured by.

Two right programs differ by rounding, and how much depends on the function and on the input. So
no tolerance is picked: the port is run again, and how far its results move is the rounding floor.
There are two kinds of runs, and they do not mean the same:

- *perturbed* runs get the arguments as they are, the bits that Octave gets, and round otherwise
  inside (see `lockstep.sides.rounding`). What they do, Octave may have done.
- *nudged* runs get arguments that are an ulp off, too. They measure how well the call is
  conditioned, and no more: a decision that flips with them was taken by Octave on the very bits of
  the port, so that a jump in them excuses nothing.

**The margin.** Let s be the root of the mean square of an element's movements in n runs. If its
movements and the difference of two right programs are drawn from one normal distribution about 0,
their quotient has Student's t distribution with n degrees of freedom, and a right element is
beyond `MARGIN` s, its quantile, with a probability of `FALSE_ALARM`. (The package
significantdigits takes the same model to the other question, how many digits n runs vouch for.)
The movement of a run is one ulp of each result, where rounding is off by half of one at most, so
that s is too large rather than too small. The runs come one by one: the sum of squares only grows
with them, so what agrees after one, counted as if the others had not moved, agrees after all.
tests/benchmarks/verdicts.py counts how often right pairs are called different.

**Jumps.** An element that jumps between a few values does not round; it hangs on a decision. A
jump does not widen the floor. It is excused only where Octave's value is one that a perturbed run
gave. May import `leaves` and `conventions`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

import numpy as np
from scipy import stats

from lockstep.compare.conventions import apply, candidates
from lockstep.compare.leaves import Distance, Leaf, common_part, distance, is_vector

PERTURBED_RUNS = 4
"""How often the port is run with other roundings inside."""

NUDGED_RUNS = 4
"""How often it is run with nudged arguments as well."""

CHEAP_RUNS = 3
"""How often it is run with nudged arguments alone, before all others: they cost no more than the
call, and settle what is far from being nothing but rounding (see `LeafResult.is_clear`)."""

MORE_RUNS = 20
"""Further perturbed runs where a decision may be what differs, and Octave's value was not among
those given: one that goes either way is missed by all of them once in a million times."""

MORE_SECONDS = 30.0
"""After so much of the processor's time no further one is begun."""

FALSE_ALARM = 1e-9
"""Probability that a right element is called different."""

MARGIN = float(stats.t.isf(FALSE_ALARM / 2, PERTURBED_RUNS + NUDGED_RUNS))
"""How many times the rounding floor a difference may be and still be rounding: 32.0."""

JUMP = 2.0**-10
"""Movements beyond this part of a value are looked at: they may be jumps."""

SLIGHT = 2.0**-24
"""... and beyond this part of the largest value beside them: a small one may be nothing but what a
cancellation left."""

TWINS = 2.0**-7
"""Values are twins if they are apart by no more than this part of what the element moves."""

LOPSIDED = 2.0**-3
"""A movement is lopsided if it goes one way by less than this part of what it goes the other."""

LIKE_SIZE = 2.0**10
"""An element's floor is at least that of its neighbours, if they are of its size to this factor."""

NEIGHBOURS = 2
"""So many elements on either side, in memory order."""

MANY = 4
"""A number that took so many values in the runs is not a matter of one decision, but adrift: then
Octave's need only lie where they lie, and no farther beyond them than they are apart."""


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
class LeafResult:
    """The comparison of one leaf of one output.

    Attributes
    ----------
    name : str
        Output and path in it, as Octave writes it.
    leaf : Leaf
        Both values. Where the length of a vector hangs on rounding (it changes when the port
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
    floor : float
        How far rounding alone moves the leaf, where that is as much as its size; else 0.
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
    floor: float = 0.0

    @property
    def class_note(self) -> str:
        """How the classes differ: ``int64 for double``; empty where they do not."""
        return self.leaf.class_note

    @property
    def is_settled(self) -> bool:
        """Whether further runs can change nothing: it agrees, but for its class at most."""
        return self.verdict.agrees or self.convention == "class"

    @property
    def is_clear(self) -> bool:
        """Whether what is allowed is less than the leaf's size.

        The floor is then a small part of it, so that it is not `untestable` by other runs either.
        """
        if self.distance is None or self.allowed is None:
            return True
        allowed = float(np.max(self.allowed, where=self.distance.unequal, initial=0.0))
        return allowed < _largest(self.leaf)

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


def judge(
    name: str,
    leaf: Leaf,
    nudged: Sequence[Leaf] = (),
    perturbed: Sequence[Leaf] = (),
    allow: Sequence[str] = (),
) -> LeafResult:
    """Give a verdict on a leaf, its class and its conventions included.

    Parameters
    ----------
    name : str
        Of the leaf.
    leaf : Leaf
        Both values.
    nudged, perturbed : sequence of Leaf
        The same leaf in the runs of either kind.
    allow : sequence of str
        Conventions that may differ.
    """
    if not leaf.compared:
        return LeafResult(name, leaf, Verdict.IDENTICAL)
    result = _judged_value(name, leaf, nudged, perturbed)
    if result.verdict is Verdict.DIFFERENT:
        for convention in candidates(leaf):
            runs = [[apply(one, convention) for one in kind] for kind in (nudged, perturbed)]
            found = _judged_value(name, apply(leaf, convention), *runs)
            if found.verdict.agrees:
                result = replace(found if convention in allow else result, convention=convention)
                break
    if leaf.class_note and result.verdict is not Verdict.DIFFERENT:
        verdict = result.verdict if "class" in allow else Verdict.DIFFERENT
        result = replace(result, verdict=verdict, convention=result.convention or "class")
    return result


def _judged_value(
    name: str, leaf: Leaf, nudged: Sequence[Leaf], perturbed: Sequence[Leaf]
) -> LeafResult:
    measured = leaf_distance(leaf)
    if measured is not None and not measured.unequal.any():
        return LeafResult(name, leaf, Verdict.IDENTICAL, measured)
    return judge_leaf(name, leaf, nudged, perturbed)


def judge_leaf(
    name: str, leaf: Leaf, nudged: Sequence[Leaf], perturbed: Sequence[Leaf] = ()
) -> LeafResult:
    """Give a verdict on a leaf that differs, from the same leaf of the runs."""
    if leaf.mismatch:
        return _judged_length(name, leaf, nudged, perturbed)
    measured = distance(leaf.octave, leaf.python)
    inside = np.array([_values(leaf.python, one.python) for one in perturbed]).reshape(
        len(perturbed), *leaf.python.shape
    )
    counted = _counted(leaf, inside)
    if leaf.python.dtype.kind in "fc":
        floor = _floor(leaf.python, inside, nudged)
    else:
        floor = np.zeros(leaf.python.shape)
    floor = np.where(counted, 0.0, floor)
    ulp = one_ulp(leaf.octave, leaf.python)
    with np.errstate(over="ignore"):
        allowed = MARGIN * np.maximum(_widened(floor, leaf.python), ulp)
    allowed = np.where(counted, 0.0, allowed)
    beyond = measured.unequal & ~(measured.absolute <= allowed)
    given = _given(leaf.octave, inside, allowed) | (counted & _adrift(leaf.octave, inside))
    moving = np.any([_differ(leaf.python, run) for run in inside], axis=0) if len(inside) else False
    excused = beyond & given & moving
    wrong = beyond & ~excused
    verdict, size = Verdict.ROUNDING, 0.0
    if wrong.any():
        verdict = Verdict.DIFFERENT
    elif (size := _as_large(leaf, floor, measured.unequal & ~excused)) > 0:
        verdict = Verdict.UNTESTABLE
    return LeafResult(
        name,
        leaf,
        verdict,
        measured,
        allowed,
        excused=int(excused.sum()),
        jumps=bool(np.any(wrong & (moving | counted))),
        floor=size,
    )


def leaf_distance(leaf: Leaf) -> Distance | None:
    """Measure how far apart the two values of a leaf are; None where that cannot be said."""
    return None if leaf.mismatch or not leaf.compared else distance(leaf.octave, leaf.python)


def _judged_length(
    name: str, leaf: Leaf, nudged: Sequence[Leaf], perturbed: Sequence[Leaf]
) -> LeafResult:
    """Judge two arrays that differ in shape, which only decisions inside can have made."""
    if not (_is_array(leaf.octave) and _is_array(leaf.python)):
        return LeafResult(name, leaf, Verdict.DIFFERENT)
    perturbed = [run for run in perturbed if _is_array(run.python)]
    sizes = {run.python.shape for run in perturbed}
    if not sizes - {leaf.python.shape}:
        return LeafResult(name, leaf, Verdict.DIFFERENT, jumps=True)
    alike = [run for run in perturbed if not run.mismatch]
    for run in alike:
        found = _judged_value(name, run, [], [one for one in alike if one is not run])
        if found.verdict.agrees:
            return replace(
                found,
                leaf=replace(run, mismatch=leaf.mismatch),
                verdict=Verdict.ROUNDING,
                allowed=found.allowed if found.allowed is not None else np.zeros(run.python.shape),
            )
    counts = [int(np.prod(size)) for size in sizes]
    between = len(sizes) >= MANY and bool(_about(leaf.octave.size, min(counts), max(counts)))
    part = common_part(leaf)
    if part is None or not (alike or between):
        return LeafResult(name, leaf, Verdict.DIFFERENT, jumps=True)
    found = judge_leaf(name, replace(part, mismatch=""), nudged, perturbed)
    return replace(found, leaf=part)


def _is_array(value: Any) -> bool:
    return isinstance(value, np.ndarray)


def _values(python: np.ndarray[Any, Any], run: Any) -> np.ndarray[Any, Any]:
    """Bring a run's values to the port's shape; what a shorter vector lacks is as the port's."""
    after = np.asarray(run)
    found = np.array(
        python, dtype=np.result_type(python, after) if _numeric(python, after) else None
    )
    resized = after.size != python.size
    if not _numeric(python, after) and after.dtype.kind != python.dtype.kind:
        return found
    if resized and not (is_vector(python) and is_vector(after)):
        return found
    length = min(after.size, python.size)
    flat = found.ravel(order="F")
    flat[:length] = after.ravel(order="F")[:length]
    return flat.reshape(python.shape, order="F")


def _numeric(*arrays: np.ndarray[Any, Any]) -> bool:
    return all(array.dtype.kind in "biufc" for array in arrays)


def _differ(a: np.ndarray[Any, Any], b: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    return np.asarray(distance(a, b).unequal)


def _floor(
    python: np.ndarray[Any, Any], inside: np.ndarray[Any, Any], nudged: Sequence[Leaf]
) -> np.ndarray[Any, Any]:
    """Return the root mean square of each element's movements, jumps left out."""
    within = _without_jumps(python, inside)
    largest = np.max(within, axis=0, initial=0.0)
    size = np.where(np.isfinite(python), np.abs(python), 0.0)
    smooth = [within]
    for run in nudged:
        movement = _movement(python, _values(python, run.python))
        # Nudged arguments flip what Octave decided on the same bits: that is no movement.
        slight = SLIGHT * np.max(size, initial=0.0)
        kept = movement <= np.maximum(np.maximum(JUMP * size, slight), largest / JUMP)
        smooth.append(np.where(kept, movement, 0.0)[np.newaxis])
    movements = np.concatenate(smooth)
    runs = max(len(inside), PERTURBED_RUNS) + max(len(nudged), NUDGED_RUNS)
    unit = np.max(movements, axis=0, initial=0.0)
    unit = np.where(unit > 0, unit, 1.0)  # squares of the far ends would be Inf or 0
    return np.asarray(np.sqrt(np.sum((movements / unit) ** 2, axis=0) / runs) * unit)


def _movement(before: np.ndarray[Any, Any], after: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Measure how far each element moved; to and from NaN and Inf is a jump, not a movement."""
    with np.errstate(invalid="ignore", over="ignore"):
        moved = np.abs(after - before)
    return np.where(np.isfinite(moved), moved, 0.0).astype(np.float64)


def _without_jumps(
    python: np.ndarray[Any, Any], inside: np.ndarray[Any, Any]
) -> np.ndarray[Any, Any]:
    """Measure each perturbed run's movement; of elements that jump, only that between twins.

    An element jumps if it moves far, at least half of its values have a twin among the others (so
    many come together only where there are but a few to choose from), and it goes one way: what
    rounding moves, it moves up about as far as down. Before there are `PERTURBED_RUNS`, what moves
    far may be a jump, and counts for nothing.
    """
    if not len(inside):
        return np.zeros((0, *python.shape))
    moved = np.array([_movement(python, run) for run in inside])
    size = np.where(np.isfinite(python), np.abs(python), 0.0)
    far = np.any(moved > np.maximum(JUMP * size, SLIGHT * np.max(size, initial=0.0)), axis=0)
    if not far.any():
        return moved
    if len(inside) < PERTURBED_RUNS:
        moved[:, far] = 0.0
        return moved
    values = np.concatenate([python[np.newaxis], inside])[:, far]
    nearest = np.full(values.shape, np.inf)
    with np.errstate(invalid="ignore", over="ignore"):
        spread = np.max(moved[:, far], axis=0)
        for i, one in enumerate(values):
            for j, other in enumerate(values):
                if i != j:
                    apart = np.abs(one - other)
                    nearest[i] = np.fmin(nearest[i], np.where(np.isnan(apart), np.inf, apart))
        twins = nearest <= spread * TWINS
        ways = np.nan_to_num(_ways(values), posinf=0.0, neginf=0.0)
        up, down = np.max(ways, axis=0), -np.min(ways, axis=0)
        lopsided = np.minimum(up, down) < LOPSIDED * np.maximum(up, down)
    jumps = lopsided & (np.sum(twins, axis=0) * 2 >= len(values))
    moved[:, far] = np.where(jumps, np.where(twins, nearest, 0.0)[1:], moved[:, far])
    return moved


def _ways(values: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Say how far each value is from the first, with a sign; of complex ones along the farthest."""
    ways = values - values[0]
    if ways.dtype.kind != "c":
        return np.asarray(ways)
    sizes = np.where(np.isfinite(np.abs(ways)), np.abs(ways), 0.0)
    farthest = np.take_along_axis(ways, np.argmax(sizes, axis=0)[np.newaxis], axis=0)
    return np.asarray(np.real(ways * np.conj(farthest) / np.abs(farthest)))


def _counted(leaf: Leaf, inside: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Tell which elements are whole numbers on both sides and in all runs: they do not round."""
    whole = np.ones(leaf.python.shape, bool)
    for values in (leaf.octave, leaf.python, *inside):
        if np.asarray(values).dtype.kind in "fc":
            with np.errstate(invalid="ignore"):
                near = np.abs(values) < 0.5 / (MARGIN * np.finfo(np.asarray(values).dtype).eps)
                whole &= (values == np.rint(values)) & near
    return np.asarray(whole & (leaf.octave != leaf.python))


def _given(
    octave: np.ndarray[Any, Any], inside: np.ndarray[Any, Any], allowed: np.ndarray[Any, Any]
) -> np.ndarray[Any, Any]:
    """Tell which of Octave's values some perturbed run gave."""
    found = np.zeros(octave.shape, bool)
    for run in inside:
        apart = distance(octave, run)
        found |= ~apart.unequal | (apart.absolute <= allowed)
    return found


def _adrift(octave: np.ndarray[Any, Any], inside: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Tell which numbers took many values, with Octave's between them."""
    if len(inside) < MANY or not _numeric(octave, inside) or inside.dtype.kind == "c":
        return np.zeros(octave.shape, bool)
    ordered = np.sort(inside.astype(np.float64), axis=0)
    many = np.sum(ordered[1:] != ordered[:-1], axis=0) + 1 >= MANY
    return np.asarray(many & _about(octave, ordered[0], ordered[-1]))


def _about(octave: Any, lowest: Any, highest: Any) -> Any:
    """Whether a value lies between two others, or beyond by no more than they are apart."""
    with np.errstate(invalid="ignore", over="ignore"):
        width = highest - lowest
        return (lowest - width <= octave) & (octave <= highest + width)


def _as_large(leaf: Leaf, floor: np.ndarray[Any, Any], unequal: np.ndarray[Any, Any]) -> float:
    """Return the floor where it is as large as the whole leaf; else 0."""
    if not unequal.any():
        return 0.0
    largest = float(np.max(floor[unequal], initial=0.0))
    is_floating = "f" in (kinds := leaf.octave.dtype.kind + leaf.python.dtype.kind) or "c" in kinds
    return largest if is_floating and largest > 0 and largest >= _largest(leaf) else 0.0


def _largest(leaf: Leaf) -> float:
    """Return the size of a leaf: its largest floating-point number, on either side."""
    sizes = [
        float(np.max(np.abs(side), where=np.isfinite(side), initial=0.0))
        for side in (leaf.octave, leaf.python)
        if side.dtype.kind in "fc"
    ]
    return max(sizes, default=0.0)


def _widened(floor: np.ndarray[Any, Any], values: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Give each element the floor of its neighbours of like size: runs may leave one unmoved."""
    if not floor.any():
        return floor
    flat = floor.ravel(order="F")
    with np.errstate(invalid="ignore"):
        size = np.abs(values).ravel(order="F").astype(np.float64)
    found = flat.copy()
    for step in range(1, NEIGHBOURS + 1):
        for here, there in (
            (slice(step, None), slice(None, -step)),
            (slice(None, -step), slice(step, None)),
        ):
            with np.errstate(invalid="ignore", over="ignore"):
                like = (size[there] <= LIKE_SIZE * size[here]) & (
                    size[here] <= LIKE_SIZE * size[there]
                )
            found[here] = np.maximum(found[here], np.where(like, flat[there], 0.0))
    return found.reshape(floor.shape, order="F")


def one_ulp(octave: np.ndarray[Any, Any], python: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Return an ulp of Octave's values, of the coarser class; 0 where it has none."""
    if octave.dtype.kind not in "fc" or python.dtype.kind not in "fc":
        return np.zeros(octave.shape)
    sizes = np.where(np.isfinite(octave), np.abs(octave), 0.0)
    if {np.dtype(np.float32), np.dtype(np.complex64)} & {octave.dtype, python.dtype}:
        with np.errstate(over="ignore", invalid="ignore"):
            return np.nan_to_num(np.spacing(sizes.astype(np.float32))).astype(np.float64)
    return np.asarray(np.spacing(sizes))
