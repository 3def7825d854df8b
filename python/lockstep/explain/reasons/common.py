"""What detectors of relations ask of two values. May import `evidence` and `numbers`."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from lockstep.explain.evidence import Evidence
from lockstep.explain.numbers import Numbers, numbers, same_numbers


@dataclass(frozen=True)
class Values:
    """Both values at the first turn that differs, as numbers in Octave's order."""

    own: np.ndarray[Any, Any]
    octave: np.ndarray[Any, Any]
    own_shape: tuple[int, ...]
    octave_shape: tuple[int, ...]

    @property
    def count(self) -> str:
        """How many elements there are, for a sentence."""
        size = self.own.size
        return {1: "the one element", 2: "both elements"}.get(size, f"all {size} elements")


def values(evidence: Evidence) -> Values | None:
    """Return both values where they hold numbers; None for text and what is not known."""
    first = evidence.first
    if first is None or any(_is_no_number(v) for v in (first.own, first.octave)):
        return None
    one, two = numbers(first.own), numbers(first.octave)
    if one is None or two is None or not one.flat.size or not two.flat.size:
        return None
    return Values(one.flat, two.flat, one.shape, two.shape)


def _is_no_number(value: Any) -> bool:
    if isinstance(value, (list, tuple)):
        return any(isinstance(item, (str, dict)) for item in value)
    return isinstance(value, (str, bool, np.bool_, dict))


def same_size(evidence: Evidence) -> Values | None:
    """Return both values where they have equally many elements."""
    found = values(evidence)
    return found if found is not None and found.own.size == found.octave.size else None


def grids(found: Values) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Return both values in their shapes, without dimensions of 1."""
    return (
        found.own.reshape(found.own_shape, order="F"),
        found.octave.reshape(found.octave_shape, order="F"),
    )


def rows_of(evidence: Evidence) -> np.ndarray[Any, Any] | None:
    """Return the numbers of the port's value row by row, where that is another order."""
    assert evidence.first is not None
    found: Numbers | None = numbers(evidence.first.own)
    return None if found is None else found.rows


def same(one: np.ndarray[Any, Any], other: np.ndarray[Any, Any]) -> bool:
    """Whether two rows of numbers are the same but for rounding."""
    return same_numbers(one, other)


def same_grid(one: np.ndarray[Any, Any], other: np.ndarray[Any, Any]) -> bool:
    """Whether two arrays of one shape are the same but for rounding."""
    return one.shape == other.shape and same(one.ravel(order="F"), other.ravel(order="F"))
