"""Any value of either side as a row of numbers, so that values can be looked up by what they hold.

Arrays, scalars, text, lists, cells, dicts and structs become one flat array in memory order of
Octave, and a shape. What holds no numbers (handles, objects) has no such form. May import `model`.
"""

import math
from collections import deque
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import Any

import numpy as np

from lockstep.model.blocks import BLOCK, blocks, largest, same_bits
from lockstep.model.changed import Changed
from lockstep.model.values import StructArray, is_sparse

MOST_ELEMENTS = 32_000_000
"""Elements beyond which a stream of values is not looked at as a whole."""

SIMPLE_DENOMINATOR = 64.0
"""Fractions of this denominator (0.5, 0.25) are as common as small whole numbers."""

FEW = 3
"""Whole numbers tell something if there are more than so many different ones."""

RELATIVE = 2.0**-36
"""Two numbers that agree to this are taken for the same when values are looked up. It only decides
which value stands for which: what is said to be wrong is proved by a replay, and judged by the
measured floor."""

OF_THE_LARGEST = 2.0**-44
"""The same for small numbers beside large ones, as a part of the largest."""


MOST_IN_RANGE = 10_000_000
"""Numbers of a range beyond which they are not written out: a changed bound may be of any size."""


@dataclass(frozen=True)
class Numbers:
    """A value as numbers.

    Attributes
    ----------
    flat : ndarray
        All of them, column by column; float64 or complex128.
    shape : tuple of int
        Without dimensions of 1.
    rows : ndarray or None
        The same numbers row by row, where that is another order.
    is_text : bool
        Whether they are the characters of one text.
    """

    flat: np.ndarray[Any, Any]
    shape: tuple[int, ...]
    rows: np.ndarray[Any, Any] | None = None
    is_text: bool = False

    @cached_property
    def is_telling(self) -> bool:
        """Whether no other value has these numbers by chance."""
        return is_telling(self.flat)


def numbers(value: Any) -> Numbers | None:
    """Return a value as numbers; None where it has none."""
    if isinstance(value, np.ndarray):
        return _of_array(value)
    if isinstance(value, Changed):  # to where it was changed as much as to what
        part = _of_array(value.part)
        flat = None if part is None else np.concatenate([value.places + 1.0, part.flat])
        return None if flat is None else Numbers(flat, (flat.size,))
    if isinstance(value, (bool, int, float, complex, np.generic)):
        return _of_scalar(value)
    if isinstance(value, str):
        return Numbers(np.array([float(ord(c)) for c in value]), (len(value),), is_text=True)
    if value is None:
        return Numbers(np.zeros(0), (0,))
    if isinstance(value, range):
        return _of_range(value)
    if isinstance(value, (list, tuple, deque)):
        return _of_items(value)
    if isinstance(value, (set, frozenset)):
        return _of_set(value)
    if isinstance(value, StructArray):
        return _of_items(value.items)
    if isinstance(value, Mapping):
        by_name = sorted(value, key=lambda name: str(name).replace("_", "").lower())
        return _of_items([value[name] for name in by_name])
    if is_sparse(value):
        return _of_array(np.asarray(value.toarray()))
    return None


def _of_range(value: range) -> Numbers | None:
    """Return the numbers of a range; None where they are too many, or too large."""
    if value and abs(value[-1] - value[0]) // abs(value.step) >= MOST_IN_RANGE:
        return None
    try:
        return Numbers(np.array(list(value), dtype=float), (len(value),))
    except OverflowError:
        return None


def _of_scalar(value: Any) -> Numbers | None:
    try:
        number = (
            complex(value) if isinstance(value, (complex, np.complexfloating)) else float(value)
        )
    except (TypeError, ValueError, OverflowError):
        return None
    return Numbers(np.array([number]), ())


def _of_array(value: np.ndarray[Any, Any]) -> Numbers | None:
    if value.dtype == object:
        return _of_items(list(value.ravel(order="F")))
    if value.dtype.kind == "U" and value.dtype.itemsize == np.dtype("U1").itemsize:
        value = np.vectorize(_code, otypes=[float])(value)  # a matrix of characters
    if value.dtype.kind in "US":
        return _of_items([str(item) for item in value.ravel(order="F")])
    if value.dtype.kind not in "biufc":
        return None
    if np.ma.isMaskedArray(value):
        value = np.ma.filled(value.astype(float), np.nan)
    value = np.asarray(value)  # a matrix stays one where it is to be flat
    kind = np.complex128 if value.dtype.kind == "c" else np.float64
    shape = tuple(n for n in value.shape if n != 1)
    flat = value.ravel(order="F").astype(kind, copy=False)  # what was recorded stays as it is
    if kind is np.complex128 and not flat.imag.any():
        flat = flat.real.copy()
    rows = None
    if len(shape) > 1:
        rows = value.ravel(order="C").astype(kind, copy=False)
        if flat.dtype.kind == "f" and rows.dtype.kind == "c":
            rows = rows.real.copy()
    return Numbers(flat, shape, rows)


def _code(character: str) -> int:
    """Return the number of a character; 0 for none, which is how NumPy reads that of number 0."""
    return ord(character) if character else 0


def _of_set(value: Set[Any]) -> Numbers | None:
    """Return what a set holds in order, as Octave's unique has it."""
    try:
        return _of_items(sorted(value))
    except TypeError:
        return None


def _of_items(items: Sequence[Any]) -> Numbers | None:
    try:
        found = [numbers(item) for item in items]
    except RecursionError:  # it holds itself
        return None
    if any(item is None for item in found):
        return None
    kept = [item if item.flat.size else HOLE for item in found if item is not None]
    if any(item.is_text for item in kept):
        flat = _of_texts(kept)
        return Numbers(flat, (flat.size,))
    flat = np.concatenate([item.flat for item in kept]) if kept else np.zeros(0)
    shapes = {item.shape for item in kept}
    if len(shapes) == 1 and len(kept) > 1:
        (inner,) = shapes
        stacked = flat.reshape((len(kept), *reversed(inner)), order="C")
        by_column = stacked.transpose((0, *range(stacked.ndim - 1, 0, -1)))
        shape = (len(kept), *inner)
        return Numbers(by_column.ravel(order="F"), shape, flat if len(shape) > 1 else None)
    return Numbers(flat, (flat.size,) if flat.size != 1 else ())


def _of_texts(items: Sequence[Numbers]) -> np.ndarray[Any, Any]:
    """Join texts, and what stands among them, so that it shows where each ends."""
    return np.concatenate([part for item in items for part in (item.flat, [END_OF_TEXT])])


END_OF_TEXT = -1.0
"""Stands after each of several texts: no character has this number."""

HOLE = Numbers(np.array([-9_876_543.0]), ())
"""Stands for what is empty among other things, and is no number that a port has."""


def elements(value: Any, most: int) -> list[Numbers | None]:
    """Return the numbers of what a list, a dict or an array holds first, one by one."""
    held = value.values() if isinstance(value, dict) else value
    if not isinstance(held, (list, tuple, np.ndarray)) and held is value:
        return []
    return [numbers(one) for one in islice(held, most)]


def is_telling(flat: np.ndarray[Any, Any]) -> bool:
    """Whether numbers are such that no other value has them by chance."""
    if flat.size == 0:
        return False
    if flat.size == 1 and flat.dtype.kind == "f":
        number = float(flat[0]) * SIMPLE_DENOMINATOR
        return math.isfinite(number) and number != round(number)
    for _, (block,) in blocks(flat):
        finite = block[np.isfinite(block)] * SIMPLE_DENOMINATOR
        if not np.array_equal(finite, np.round(finite)):
            return True
    return bool(flat.size > FEW and np.unique(flat[: 10 * MOST_SEEN]).size > FEW)


def one_more(flat: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Return places that count from 1 for those that count from 0; a hole stays one."""
    return np.asarray(flat + (flat != HOLE.flat[0]))


def is_whole(value: Any) -> bool:
    """Whether a value of the port holds whole numbers by its class: it may be an index from 0."""
    if isinstance(value, np.ndarray):
        return value.dtype.kind in "iu"
    if isinstance(value, (list, tuple)):
        return bool(value) and all(map(is_whole, value))
    return isinstance(value, (int, np.integer, range)) and not isinstance(value, bool)


MOST_SEEN = 1000
"""Elements of a large array that are looked at to say whether it tells something."""


def same_numbers(
    one: np.ndarray[Any, Any],
    other: np.ndarray[Any, Any],
    spread: np.ndarray[Any, Any] | None = None,
) -> bool:
    """Whether two rows of numbers are the same but for rounding.

    Parameters
    ----------
    one, other : ndarray
        Flat.
    spread : ndarray, optional
        How far each may be from the other beyond that: what nudged runs measured.
    """
    if one.size != other.size:
        return False
    if one.size == 0:
        return True
    if one is other:
        return True
    if one.size == 1 and spread is None and one.dtype.kind == other.dtype.kind == "f":
        first, second = float(one[0]), float(other[0])
        if math.isfinite(first) and math.isfinite(second):
            return abs(first - second) <= RELATIVE * max(abs(first), abs(second))
    if one.size <= BLOCK:
        with np.errstate(invalid="ignore", over="ignore"):
            return _same_part(one, other, None, spread)
    if spread is None and same_bits(one, other):
        return True
    size = max(largest(one), largest(other))
    spreads = [spread] if spread is not None else []
    with np.errstate(invalid="ignore", over="ignore"):
        return all(
            _same_part(first, second, size, *more)
            for _, (first, second, *more) in blocks(one, other, *spreads)
        )


def _same_part(
    one: np.ndarray[Any, Any],
    other: np.ndarray[Any, Any],
    largest: float | None,
    spread: np.ndarray[Any, Any] | None = None,
) -> bool:
    """Whether two parts of arrays are the same; `largest` is of all, None where they are all."""
    apart = np.abs(one - other)
    size = np.maximum(np.abs(one), np.abs(other))
    if largest is None:
        largest = float(np.max(size, where=np.isfinite(size), initial=0.0))
    allowed = np.maximum(RELATIVE * size, OF_THE_LARGEST * largest)
    if spread is not None:
        allowed = np.maximum(allowed, spread)
    near = np.isfinite(apart) & (apart <= allowed)  # what is infinite is as far as it allows
    equal = (one == other) | near | (np.isnan(one) & np.isnan(other))
    return bool(equal.all())


class Stream:
    """The values that a site gave, in order.

    Parameters
    ----------
    site : int
        Which.
    values : sequence of Any
        As they were recorded.
    known : dict, optional
        The numbers of values that other sites gave, too, by their identity.
    crossed : sequence of int, optional
        The order of the turns if its two loops were nested the other way round.
    """

    def __init__(
        self,
        site: int,
        values: Sequence[Any],
        known: dict[int, Numbers | None] | None = None,
        crossed: Sequence[int] | None = None,
    ) -> None:
        self.site = site
        self.values = values
        self.crossed = crossed
        self.items = [_known(value, known) for value in values]

    @cached_property
    def is_known(self) -> bool:
        """Whether all values have numbers, and not too many."""
        if any(item is None for item in self.items):
            return False
        return sum(item.flat.size for item in self.items if item is not None) <= MOST_ELEMENTS

    @cached_property
    def flat(self) -> np.ndarray[Any, Any]:
        """All numbers of all values, each column by column."""
        known = [item for item in self.items if item is not None]
        if len(known) > 1 and any(item.is_text for item in known):
            return _of_texts(known)
        return _joined([item.flat for item in known])

    @cached_property
    def rows(self) -> np.ndarray[Any, Any] | None:
        """The same with each value row by row, where that is another order."""
        if not any(item is not None and item.rows is not None for item in self.items):
            return None
        return _joined(
            [
                item.flat if item.rows is None else item.rows
                for item in self.items
                if item is not None
            ]
        )

    @cached_property
    def orders(self) -> list[np.ndarray[Any, Any]]:
        """The numbers in each order that they may have on the other side."""
        found = [self.flat] if self.rows is None else [self.flat, self.rows]
        if self.crossed is not None:
            turns = [self.items[turn] for turn in self.crossed]
            found.append(_joined([item.flat for item in turns if item is not None]))
        return found

    @cached_property
    def is_telling(self) -> bool:
        """Whether no other site has these values by chance."""
        return is_telling(self.flat)

    @cached_property
    def sizes(self) -> list[int]:
        """How many numbers each value has."""
        return [0 if item is None else item.flat.size for item in self.items]


def _known(value: Any, known: dict[int, Numbers | None] | None) -> Numbers | None:
    """Return a value as numbers, made once of one value that was given at several places."""
    if known is None or isinstance(value, (bool, int, float, complex, str, np.generic)):
        return numbers(value)
    if id(value) not in known:
        known[id(value)] = numbers(value)
    return known[id(value)]


def _joined(parts: Sequence[np.ndarray[Any, Any]]) -> np.ndarray[Any, Any]:
    if not parts:
        return np.zeros(0)
    return parts[0] if len(parts) == 1 else np.concatenate(parts)
