"""What does not round but is decided: whole numbers, and elements that jump with a decision.

An element that jumps between a few values does not round; it follows from a decision that rounding
can turn. It is excused only where Octave's value is one that a perturbed run gave. May import
`floor` and `leaves`.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np

from lockstep.compare.floor import MARGIN, are_numeric
from lockstep.compare.leaves import Leaf, distance

MANY = 4
"""A number that took so many values in the runs is not a matter of one decision, but adrift: then
Octave's need only lie where they lie, and no farther beyond them than they are apart."""

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


def are_adrift(octave: np.ndarray[Any, Any], inside: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Tell which numbers took many values, with Octave's between them."""
    if len(inside) < MANY or not are_numeric(octave, inside) or inside.dtype.kind == "c":
        return np.zeros(octave.shape, bool)
    ordered = np.sort(inside.astype(np.float64), axis=0)
    many = np.sum(ordered[1:] != ordered[:-1], axis=0) + 1 >= MANY
    return np.asarray(many & lies_about(octave, ordered[0], ordered[-1]))


def lies_about(octave: Any, lowest: Any, highest: Any) -> Any:
    """Whether a value lies between two others, or beyond by no more than they are apart."""
    with np.errstate(invalid="ignore", over="ignore"):
        width = highest - lowest
        return (lowest - width <= octave) & (octave <= highest + width)
