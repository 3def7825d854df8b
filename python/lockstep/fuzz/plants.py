"""What breaks ports, planted into an argument: NaN, ties, halves, empties, other shapes.

May import `places`.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from scipy.sparse import csc_array

from lockstep.fuzz.places import Form, Place, elements
from lockstep.model.values import Row

Array = np.ndarray[Any, Any]


def _element(value: float) -> Callable[[Array, int], Array]:
    """Return a change of one element."""

    def change(array: Array, at: int) -> Array:
        if array.size:
            array.flat[at % array.size] = value
        return array

    return change


def _half(array: Array, at: int) -> Array:
    if array.size:
        array.flat[at % array.size] = at % 7 + 0.5
    return array


def _negated(array: Array, at: int) -> Array:
    if array.size:
        array.flat[at % array.size] *= -1
    return array


def _tied(array: Array, at: int) -> Array:
    """Repeat one element."""
    if array.size:
        array.flat[(at + 1) % array.size] = array.flat[at % array.size]
    return array


def _constant(array: Array, at: int) -> Array:
    if array.size:
        array[...] = array.flat[at % array.size]
    return array


def _zero(array: Array, at: int) -> Array:
    array[...] = 0
    return array


def _same_rows(array: Array, at: int) -> Array:
    """Make the matrix rank-deficient."""
    if array.ndim == 2 and len(array) > 1:
        array[at % len(array)] = array[(at + 1) % len(array)]
    return array


def _same_columns(array: Array, at: int) -> Array:
    return _same_rows(array.T, at).T


def _zero_column(array: Array, at: int) -> Array:
    if array.ndim == 2 and array.shape[1]:
        array[:, at % array.shape[1]] = 0
    return array


VALUES: tuple[Callable[[Array, int], Array], ...] = (
    _element(np.nan),
    _tied,
    _half,
    _element(np.inf),
    _negated,
    _constant,
    _element(-np.inf),
    _zero,
    _element(-0.0),
    _same_rows,
    _same_columns,
    _zero_column,
    _element(1e300),
    _element(1e-300),
    _element(2.0**53 + 2),
)
"""Changes of floating point numbers."""

_ENDS = (lambda array, at: _limit(array, at, "max"), lambda array, at: _limit(array, at, "min"))


def _limit(array: Array, at: int, which: str) -> Array:
    if array.size:
        array.flat[at % array.size] = getattr(np.iinfo(array.dtype), which)
    return array


WHOLE: tuple[Callable[[Array, int], Array], ...] = (*_ENDS, _tied, _constant, _zero, _same_rows)
"""Changes of integers."""

LOGICAL: tuple[Callable[[Array, int], Array], ...] = (_constant, _zero, _tied)


def _none(array: Array, at: int) -> Array:
    """Take all elements away, along one axis."""
    shape = list(array.shape)
    if shape:
        shape[at % len(shape)] = 0
    return np.zeros(shape or (0, 0), array.dtype)


def _shorter(array: Array, at: int) -> Array:
    return array[:-1] if array.ndim else array


def _one(array: Array, at: int) -> Array:
    return array.ravel()[0:1].reshape((1,) * array.ndim) if array.size else array


def _turned(array: Array, at: int) -> Array:
    return array.T


SHAPES: tuple[Callable[[Array, int], Array], ...] = (_none, _one, _turned, _shorter)
"""Changes of the shape of one argument alone."""


def number_of_changes(place: Place) -> int:
    """Return how many different things can be planted at a place."""
    if place.form is Form.TEXT:
        return 2
    return len(_changes(place)) + len(SHAPES) if place.is_number else 0


def _changes(place: Place) -> tuple[Callable[[Array, int], Array], ...]:
    kind = np.dtype(place.kind).kind
    return VALUES if kind in "fc" else LOGICAL if kind == "b" else WHOLE


def planted(place: Place, value: Any, which: int, at: int) -> Any:
    """Plant something.

    Parameters
    ----------
    place : Place
        Where `value` stands.
    value : Any
        What stands there.
    which, at : int
        What is planted, below `number_of_changes`, and in which element.
    """
    if place.form is Form.TEXT:
        return ("", value.swapcase())[which]
    array = np.array(elements(value), dtype=place.kind)
    with np.errstate(all="ignore"):
        changed = (*_changes(place), *SHAPES)[which](array, at)
    return formed(place, changed, isinstance(value, int) and not isinstance(value, bool))


def formed(place: Place, array: Array, whole: bool = False) -> Any:
    """Return an array in the form that a place has.

    Parameters
    ----------
    place : Place
        The place.
    array : ndarray
        What is to stand there.
    whole : bool
        Whether a whole double by itself is an int.
    """
    if array.ndim == 0:
        if array.dtype.name not in ("float64", "complex128", "bool"):
            return array[()]
        plain = array.item()
        if not whole or not isinstance(plain, float) or not plain.is_integer():
            return plain
        return int(plain) if plain or np.copysign(1, plain) > 0 else plain
    if place.form is Form.ROW and array.ndim == 1:
        return Row(array)
    if place.form is Form.SPARSE and array.ndim == 2:
        return csc_array(array)
    return array
