"""Brings what the port returned to Octave's class, side, signs and order, where these are free.

May import `values`.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np

LARGEST = 1e150
"""Stands for what is infinite, where columns are laid beside each other."""

MOST_COLUMNS = 2000
"""Columns beyond which no order of them is looked for."""


def likened(value: Any, octave: Any, flat: bool, any_class: bool, free: str) -> Any:
    """Liken an output of the port to Octave's, in what is declared to be free.

    Parameters
    ----------
    value, octave : Any
        Both sides' outputs.
    flat : bool
        Whether a vector may lie on its other side.
    any_class : bool
        Whether the class is free; no value is changed by it.
    free : str
        What else is free: "column signs", "row order and signs", ...
    """
    if isinstance(octave, Mapping) and isinstance(value, Mapping):
        return {
            name: likened(one, octave[name], flat, any_class, free) if name in octave else one
            for name, one in value.items()
        }
    if not isinstance(octave, np.ndarray):
        return value
    if octave.dtype == object:
        same = isinstance(value, (list, tuple)) and len(value) == octave.size
        if not same:
            return value
        items = octave.ravel(order="F")
        return [likened(a, b, flat, any_class, free) for a, b in zip(value, items, strict=True)]
    value = _array(value, octave)
    if not isinstance(value, np.ndarray) or value.dtype.kind not in "biufc":
        if any_class and isinstance(value, (int, float, complex, np.generic)):
            return _cast(np.asarray(value), octave)
        return value
    if flat and _is_vector(value) and value.size == octave.size and _is_vector(octave):
        value = value.reshape(octave.shape, order="F")
    if any_class:
        value = _cast(value, octave)
    return freed(value, octave, free) if free else value


def _array(value: Any, octave: np.ndarray[Any, Any]) -> Any:
    """Make an array of a list of numbers; other values are returned as they are."""
    if not isinstance(value, (list, tuple)) or octave.dtype.kind not in "biufc":
        return value
    try:
        numbers = np.asarray(value)
    except ValueError:
        return value
    if numbers.dtype.kind not in "biufc":
        return value
    plain = all(type(one) is int for one in _items(value))
    return numbers.astype(np.float64) if plain else numbers  # Python's int is a double


def _items(value: Any) -> list[Any]:
    if isinstance(value, (list, tuple)):
        return [one for item in value for one in _items(item)]
    return [value]


def _is_vector(value: np.ndarray[Any, Any]) -> bool:
    return value.size == max(value.shape, default=1)


def _cast(value: np.ndarray[Any, Any], octave: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Give an array Octave's class, where that changes no value."""
    if value.dtype == octave.dtype or octave.dtype.kind not in "biufc":
        return value
    kind = octave.dtype
    if kind.kind == "f" and value.dtype.kind == "c":
        kind = np.dtype(np.complex64 if kind == np.float32 else np.complex128)
    with np.errstate(all="ignore"):
        try:
            cast = value.astype(kind)
        except (TypeError, ValueError):
            return value
        if kind.kind in "fc":  # to single: that is all that Octave has to compare with
            return cast
        back = cast.astype(value.dtype if value.dtype.kind != "b" else kind)
    return cast if np.array_equal(back, value) else value


def freed(value: np.ndarray[Any, Any], octave: np.ndarray[Any, Any], free: str) -> Any:
    """Liken signs and order to Octave's.

    Parameters
    ----------
    value, octave : ndarray
        Both sides.
    free : str
        As in `likened`.
    """
    if value.size != octave.size or not value.size:
        return value
    words = free.split()
    if "column" not in words and "row" not in words:
        ours, theirs = value.reshape(1, -1, order="F"), octave.reshape(1, -1, order="F")
        if "signs" in words:
            ours = ours * _signs(theirs.T, ours.T)
        if "order" in words:
            ours = ours[:, _order(theirs, ours, signs=False)]
        return ours.reshape(value.shape, order="F")
    if value.shape != octave.shape or value.ndim != 2:
        return value
    by_row = "row" in words
    ours, theirs = (value.T, octave.T) if by_row else (value, octave)
    if "order" in words:
        ours = ours[:, _order(theirs, ours, "signs" in words)]
    if "signs" in words:
        ours = ours * _signs(theirs, ours)
    return ours.T if by_row else ours


def _signs(octave: np.ndarray[Any, Any], value: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Return the sign of each column that brings it nearest to Octave's; a phase if complex."""
    with np.errstate(all="ignore"):
        along = np.sum(np.nan_to_num(octave) * np.conj(np.nan_to_num(value)), axis=0)
        if along.dtype.kind == "c":
            return np.asarray(np.where(along == 0, 1.0, along / np.abs(along)))
    return np.where(along < 0, -1.0, 1.0).astype(value.dtype if value.dtype.kind == "f" else float)


def _order(octave: np.ndarray[Any, Any], value: np.ndarray[Any, Any], signs: bool) -> Any:
    """Return which column of the port stands for each of Octave's."""
    count = octave.shape[1]
    if octave.shape[0] == 1:  # single numbers: in the order of their size
        rank = np.argsort(np.argsort(octave[0], kind="stable"), kind="stable")
        return np.argsort(value[0], kind="stable")[rank]
    if count > MOST_COLUMNS:
        return np.arange(count)
    theirs, ours = (np.nan_to_num(one, posinf=LARGEST, neginf=-LARGEST) for one in (octave, value))
    from scipy.optimize import linear_sum_assignment  # every start would wait for it

    apart = np.empty((count, count))
    for i in range(count):
        column = theirs[:, i : i + 1]
        apart[i] = np.abs(ours - column).sum(axis=0)
        if signs:
            apart[i] = np.minimum(apart[i], np.abs(ours + column).sum(axis=0))
    return linear_sum_assignment(np.nan_to_num(apart, nan=np.finfo(float).max))[1]
