"""What does not round but is decided: whole numbers, and elements that jump with a decision.

An element that jumps between a few values does not round; it follows from a decision that rounding
can turn. It is excused only where Octave's value is one that a perturbed run gave.

A number that takes many values (the steps of a minimiser that stops where rounding drowns the
descent) is adrift, and Octave's value is missed by chance in any few runs. Octave rounds otherwise,
too, and the question is whether the two samples are of one distribution. They are taken for that
unless all of one lie beyond all of the other. Where they are, that happens twice in the number of
ways in which so many can be chosen of all: of 17 and 12 values once in 26 million times, of 17 and
32 far more rarely. It supposes nothing of the distribution, which has a long tail. May import
`distance`, `floor` and `leaves`.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from lockstep.compare.distance import distance
from lockstep.compare.floor import MARGIN, are_numeric
from lockstep.compare.leaves import Leaf

MANY = 4
"""A number that took so many values, the port's own among them, is no matter of one decision."""

AT_ONCE = 10**5
"""Elements of all runs together up to which they are compared in one step."""


def are_counted(leaf: Leaf, inside: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Tell which elements are whole numbers on both sides and in all runs: they do not round."""
    whole = np.ones(leaf.python.shape, bool)
    for values in (leaf.octave, leaf.python, *inside):
        if np.asarray(values).dtype.kind in "fc":
            with np.errstate(invalid="ignore"):
                near = np.abs(values) < 0.5 / (MARGIN * np.finfo(np.asarray(values).dtype).eps)
                whole &= (values == np.rint(values)) & near
    return np.asarray(whole & (leaf.octave != leaf.python))


def were_given(
    octave: np.ndarray[Any, Any], inside: np.ndarray[Any, Any], allowed: np.ndarray[Any, Any]
) -> np.ndarray[Any, Any]:
    """Tell which of Octave's values some perturbed run gave."""
    found = np.zeros(octave.shape, bool)
    for runs in _in_parts(inside):
        apart = distance(np.broadcast_to(octave, runs.shape), runs)
        found |= np.any(~apart.unequal | (apart.absolute <= allowed), axis=0)
    return found


def are_moving(python: np.ndarray[Any, Any], inside: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Tell which of the port's values some perturbed run changed."""
    found = np.zeros(python.shape, bool)
    for runs in _in_parts(inside):
        found |= np.any(distance(np.broadcast_to(python, runs.shape), runs).unequal, axis=0)
    return found


def _in_parts(inside: np.ndarray[Any, Any]) -> Iterator[np.ndarray[Any, Any]]:
    """Yield all runs together, which is faster; one by one where they are large."""
    if inside.size <= AT_ONCE:
        yield inside
    else:
        yield from inside[:, np.newaxis]


def are_adrift(python: np.ndarray[Any, Any], inside: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Tell which numbers took many values, in the perturbed runs and as the port gave them."""
    if not are_numeric(python, inside) or "c" in (python.dtype.kind, inside.dtype.kind):
        return np.zeros(python.shape, bool)
    ordered = np.sort(np.concatenate([python[np.newaxis], inside]).astype(np.float64), axis=0)
    return np.asarray(np.sum(ordered[1:] != ordered[:-1], axis=0) + 1 >= MANY)


def are_together(
    octave: np.ndarray[Any, Any],
    ours: Sequence[np.ndarray[Any, Any]],
    theirs: Sequence[np.ndarray[Any, Any]] | None,
) -> np.ndarray[Any, Any]:
    """Tell which numbers that are adrift are so in the same place on both sides.

    Parameters
    ----------
    octave : ndarray
        Octave's values.
    ours : sequence of ndarray
        The port's, and those of all its runs.
    theirs : sequence of ndarray or None
        Those of Octave's runs; None before it was asked for them, when all may be. Of a recording
        there are none: then Octave's value must lie between the port's, or beyond them by no more
        than they are apart.
    """
    if theirs is None:
        return np.ones(octave.shape, bool)
    lowest, highest = np.min(ours, axis=0), np.max(ours, axis=0)
    if not len(theirs):
        width = highest - lowest
        return np.asarray((lowest - width <= octave) & (octave <= highest + width))
    every = np.array([octave, *theirs])
    return np.asarray((np.min(every, axis=0) <= highest) & (lowest <= np.max(every, axis=0)))


def part_ways(
    ours: Sequence[tuple[int, int]], theirs: Sequence[tuple[int, int]], fewest: int = MANY
) -> bool:
    """Whether two counts always keep one distance on either side, and not the same one.

    How many steps there were, and how long the history of them is, may both be adrift: together
    they are, and a port that counts one step too many does so in every run.

    Parameters
    ----------
    ours, theirs : sequence of (int, int)
        Both counts in each run of the port, and of Octave.
    fewest : int
        So many runs there must be of each.
    """
    apart = [{one - other for one, other in side} for side in (ours, theirs)]
    enough = min(len(ours), len(theirs)) >= fewest
    return enough and all(len(found) == 1 for found in apart) and apart[0] != apart[1]


def counts(one: Sequence[Any], other: Sequence[Any]) -> list[tuple[int, int]]:
    """Return two counts in each run: the whole number that a value is, or how long it is."""
    pairs = zip(map(_count, one), map(_count, other), strict=False)
    return [(a, b) for a, b in pairs if a is not None and b is not None]


def _count(value: Any) -> int | None:
    if not isinstance(value, np.ndarray) or value.dtype.kind not in "biuf":
        return None
    if value.size != 1:
        return value.size
    number = float(value.ravel()[0])
    return int(number) if number.is_integer() else None
