"""Smaller cases like a large one: an explanation looks at one of them, if it fails as well.

What a case of 100 MB shows, one of a kilobyte shows too, as a rule, and that can be traced, run
again and changed a thousand times. All axes of one length are cut alike, so that what belonged
together still does, and a count of elements is cut with what it counts. May import `project`.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np

from lockstep.model.values import Row
from lockstep.project.cases import Case, leaves, map_leaves, with_args

SIZES = (1_000, 30_000, 300_000)
"""Elements of the largest array, of the smaller cases that are made one after the other."""

Array = np.ndarray[Any, Any]
Cut = Callable[[int, int], Array]
"""Which places of an axis are kept, of so many, when so many are to be."""


def thinned(case: Case, places: Mapping[int, int]) -> Iterator[Case]:
    """Yield smaller cases, the smallest first.

    Parameters
    ----------
    case : Case
        A large one.
    places : mapping
        By the length of an axis of the outputs, where on it the worst element stands.
    """

    def around(length: int, kept: int) -> Array:
        begin = min(max(0, places.get(length, 0) - kept // 2), length - kept)
        return np.arange(begin, begin + kept)

    def spread(length: int, kept: int) -> Array:
        return np.linspace(0, length - 1, kept).astype(int)

    def first(length: int, kept: int) -> Array:
        return np.arange(kept)

    shapes = [array.shape for array in _arrays(case)]
    for size in SIZES:
        most = _axis(shapes, size)
        for cut in (around, spread, first):
            args = [map_leaves(one, _Cut(shapes, most, size, cut).leaf) for one in case.args]
            yield with_args(case, args)


def _arrays(case: Case) -> list[Array]:
    values = (one.vector if isinstance(one, Row) else one for one in leaves(case.args))
    return [one for one in values if isinstance(one, np.ndarray)]


def _axis(shapes: list[tuple[int, ...]], size: int) -> int:
    """Return how long an axis may be for no array to have more than so many elements."""
    low, high = 1, size
    while low < high:
        middle = (low + high + 1) // 2
        if all(np.prod([min(n, middle) for n in shape], initial=1) <= size for shape in shapes):
            low = middle
        else:
            high = middle - 1
    return low


class _Cut:
    """Cuts the leaves of arguments."""

    def __init__(self, shapes: list[tuple[int, ...]], most: int, size: int, cut: Cut) -> None:
        self._lengths = {n for shape in shapes for n in shape if n > most}
        self._counts = self._lengths | {
            int(np.prod(shape)) for shape in shapes if self._lengths & set(shape)
        }
        self._most, self._size, self._cut = most, size, cut

    def leaf(self, value: Any) -> Any:
        """Return what stands for an argument, or for what it holds, in the smaller case."""
        if isinstance(value, Row):
            return Row(self._array(value.vector))
        if isinstance(value, np.ndarray):
            return self._array(value)
        is_number = isinstance(value, (int, float, np.number)) and not isinstance(value, bool)
        if not is_number or value != np.round(value):
            return value
        if value in self._lengths:
            return type(value)(self._most)
        if value in self._counts or (not self._lengths and value > self._size):
            return type(value)(self._size)
        return value

    def _array(self, values: Array) -> Array:
        for axis, length in enumerate(values.shape):
            if length > self._most:
                values = values.take(self._cut(length, self._most), axis)
        return values
