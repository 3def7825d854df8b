"""How far rounding alone moves each element of a result: the floor that a verdict rests on.

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

**Jumps** do not widen the floor; `decisions` says when one is excused. May import `leaves` and
`student`.
"""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from lockstep.compare.leaves import Leaf, is_vector
from lockstep.compare.student import t_beyond

PERTURBED_RUNS = 4
"""How often the port is run with other roundings inside."""

NUDGED_RUNS = 4
"""How often it is run with nudged arguments as well."""

FALSE_ALARM = 1e-9
"""Probability that a right element is called different."""

MARGIN = t_beyond(FALSE_ALARM, PERTURBED_RUNS + NUDGED_RUNS)
"""How many times the rounding floor a difference may be and still be rounding: 32.0."""

AMPLIFIED = 2.0**10
"""Nudged arguments may move an element so many times as far as other roundings do."""

TWINS = 2.0**-7
"""Values are twins if they are apart by no more than this part of what the element moves."""

LOPSIDED = 2.0**-3
"""A movement is lopsided if it goes one way by less than this part of what it goes the other."""

LIKE_SIZE = 2.0**10
"""An element's floor is at least that of its neighbours, if they are of its size to this factor."""

NEIGHBOURS = 2
"""So many elements on either side, in memory order."""


def margin_of(runs: int) -> float:
    """Return how many root mean squares of so few movements a difference may be, as `MARGIN` is."""
    return t_beyond(FALSE_ALARM, runs)


def is_beyond(
    apart: np.ndarray[Any, Any], own: np.ndarray[Any, Any], runs: Sequence[np.ndarray[Any, Any]]
) -> bool:
    """Whether some difference is more than rounding explains, though the runs are few.

    Jumps count as movements: so few runs cannot tell them.

    Parameters
    ----------
    apart : ndarray
        How far the two sides are apart, element by element.
    own : ndarray
        One of them.
    runs : sequence of ndarray
        What it gave where it rounded otherwise.
    """
    if not runs or any(run.shape != own.shape for run in runs) or own.dtype.kind not in "fc":
        return False
    with np.errstate(invalid="ignore", over="ignore"):
        moved = np.array([np.abs(run - own) for run in runs])
        squares = np.mean(moved**2, axis=0)
        found = apart > margin_of(len(runs)) * np.maximum(
            widened(np.sqrt(squares), own), np.spacing(np.abs(own))
        )
    return bool(np.any(found & np.isfinite(squares)))


def rounding_floor(
    python: np.ndarray[Any, Any], inside: np.ndarray[Any, Any], nudged: Sequence[Leaf]
) -> np.ndarray[Any, Any]:
    """Return the root mean square of each element's movements, jumps left out.

    Runs that were not made, of as many as `MARGIN` is for, are counted as if nothing moved in them.
    """
    within = _without_jumps(python, inside)
    largest = np.max(within, axis=0, initial=0.0)
    smooth = [within]
    for run in nudged:
        movement = _movement(python, run_values(python, run.python))
        # Nudged arguments flip what Octave decided on the same bits: that is no movement.
        kept = movement <= np.maximum(jump_size(python), AMPLIFIED * largest)
        smooth.append(np.where(kept, movement, 0.0)[np.newaxis])
    movements = np.concatenate(smooth)
    runs = max(len(inside) + len(nudged), PERTURBED_RUNS + NUDGED_RUNS)
    unit = np.max(movements, axis=0, initial=0.0)
    unit = np.where(unit > 0, unit, 1.0)  # squares of the far ends would be Inf or 0
    return np.asarray(np.sqrt(np.sum((movements / unit) ** 2, axis=0) / runs) * unit)


def jump_size(values: np.ndarray[Any, Any]) -> float:
    """Return the movement beyond which an element may have jumped: half of the digits.

    The digits are those of the largest element: a small one may be nothing but what a cancellation
    left.
    """
    sizes = np.abs(values)
    largest = float(np.max(sizes, where=np.isfinite(sizes), initial=0.0))
    return math.sqrt(float(np.finfo(values.dtype).eps)) * largest


def widened(floor: np.ndarray[Any, Any], values: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
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


def run_values(python: np.ndarray[Any, Any], run: Any) -> np.ndarray[Any, Any]:
    """Bring a run's values to the port's shape; what a shorter vector lacks is as the port's."""
    after = np.asarray(run)
    found = np.array(
        python, dtype=np.result_type(python, after) if are_numeric(python, after) else None
    )
    resized = after.size != python.size
    if not are_numeric(python, after) and after.dtype.kind != python.dtype.kind:
        return found
    if resized and not (is_vector(python) and is_vector(after)):
        return found
    length = min(after.size, python.size)
    flat = found.ravel(order="F")
    flat[:length] = after.ravel(order="F")[:length]
    return flat.reshape(python.shape, order="F")


def are_numeric(*arrays: np.ndarray[Any, Any]) -> bool:
    """Whether all arrays hold numbers, of whatever class."""
    return all(array.dtype.kind in "biufc" for array in arrays)


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
    far = np.any(moved > jump_size(python), axis=0)
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
