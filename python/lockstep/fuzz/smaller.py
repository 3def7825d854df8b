"""Inputs a step smaller than one that fails: fewer elements, simpler numbers.

They stay like the cases after which the input was made: whole, sorted and symmetric arrays stay so,
and a number is in the range of the cases, or one that was planted. May import `profiles`.
"""

from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Any

import numpy as np

from lockstep.fuzz.places import Form, Path, Place, elements, places, replaced
from lockstep.fuzz.plants import formed
from lockstep.fuzz.profiles import Profile, Values

CUTS = 6
"""So many elements, or fewer, are tried of each axis; and at so many places one is left out."""

ELEMENTS = 6
"""Elements of an array that are made simpler one by one."""

Args = tuple[Any, ...]
Array = np.ndarray[Any, Any]


def cost(args: Args) -> tuple[int, int]:
    """Return how large some arguments are: their elements, and the length of their numbers."""
    arrays = [elements(value) for _, value in places(args)]
    found = [one for one in arrays if one is not None]
    texts = sum(len(value) for _, value in places(args) if isinstance(value, str))
    length = sum(_length(one) for array in found for one in array.ravel().tolist()[:1000])
    return sum(int(one.size) for one in found) + texts, length


def _length(number: Any) -> int:
    """Return how long a number is in writing; 0 of nought."""
    return len(repr(number)) if number else 0


def smaller(args: Args, profile: Profile, number: int) -> Iterator[Args]:
    """Yield arguments a step smaller, those first that have fewer elements.

    Parameters
    ----------
    args : tuple
        Arguments.
    profile, number : Profile, int
        What they are to be like, and after which of its cases they were made.
    """
    own = cost(args)
    for one in chain(_shorter(args), _simpler(args)):
        if cost(one) < own and _is_like(one, args, profile, number):
            yield one


def _shorter(args: Args) -> Iterator[Args]:
    """Leave out elements along an axis, along all that are as long, and count them less."""
    axes: dict[int, list[tuple[Place, Any, int]]] = {}
    counts: dict[float, list[tuple[Place, Any]]] = {}
    for place, value in places(args):
        array = elements(value)
        if array is None or not place.is_number:
            continue
        for axis, size in enumerate(array.shape):
            axes.setdefault(size, []).append((place, value, axis))
        if place.form is Form.SCALAR and array.dtype.kind == "f":
            counts.setdefault(float(array), []).append((place, value))
    for size in sorted(axes, reverse=True):
        for left_out in _cuts(size):
            together = _cut(axes[size], left_out)
            fewer = {
                place.path: type(value)(value - len(left_out))
                for place, value in counts.get(size, [])
            }
            if fewer:
                yield replaced(args, together | fewer)
            yield replaced(args, together)
            if len(axes[size]) > 1:
                for one in axes[size]:
                    yield replaced(args, _cut([one], left_out))


def _cuts(size: int) -> Iterator[list[int]]:
    """Yield what is left out of so many: all but a few, a half, single ones here and there."""
    for first in sorted({*range(min(CUTS, size)), size // 2} - {size}):
        yield list(range(first, size))
    if size > 1:
        yield list(range(size // 2))
        yield from ([int(at)] for at in np.unique(np.linspace(0, size - 1, CUTS).astype(int)))


def _cut(axes: list[tuple[Place, Any, int]], left_out: list[int]) -> dict[Path, Any]:
    found: dict[Path, tuple[Place, Array]] = {}
    for place, value, axis in axes:
        array = found[place.path][1] if place.path in found else _array(place, value)
        found[place.path] = place, np.delete(array, left_out, axis)
    return {path: formed(place, array) for path, (place, array) in found.items()}


def _array(place: Place, value: Any) -> Array:
    return np.array(elements(value), dtype=place.kind)


def _simpler(args: Args) -> Iterator[Args]:
    """Put simpler numbers in place of all of an array, and of single ones."""
    for place, value in places(args):
        if not place.is_number:
            continue
        array, is_int = _array(place, value), type(value) is int
        costly = sorted(range(array.size), key=lambda at: -_length(array.flat[at].item()))
        wheres: list[Any] = [slice(None), *costly[:ELEMENTS]] if array.size > 1 else [slice(None)]
        for where in wheres:
            for simple in _simple(array.ravel()[where]):
                changed = array.flatten()
                changed[where] = simple
                simpler = formed(place, changed.reshape(array.shape), is_int)
                yield replaced(args, {place.path: simpler})


def _simple(numbers: Array) -> Iterator[Any]:
    yield from (0, 1)
    if numbers.dtype.kind in "fc":
        yield np.rint(numbers)
        yield _shortened(numbers)


def _shortened(numbers: Array) -> Array:
    """Return numbers with one digit that counts."""
    short = [type(one)(f"{one:.1g}") for one in np.ravel(numbers).tolist()]
    return np.array(short, dtype=numbers.dtype).reshape(np.shape(numbers))


def _is_like(args: Args, before: Args, profile: Profile, number: int) -> bool:
    was = {place.path: value for place, value in places(before)}
    sizes = _sizes(args)
    return all(
        _fits(elements(value), elements(was[place.path]), profile.values[place.path], number, sizes)
        for place, value in places(args)
        if place.is_number and place.path not in profile.seen  # the sizes among the scalars
    )


def _sizes(args: Args) -> dict[Any, float]:
    found: dict[Any, float] = {}
    for place, value in places(args):
        array = elements(value)
        if array is None:
            continue
        found |= {(place.path, axis): size for axis, size in enumerate(array.shape)}
        if place.form is Form.SCALAR and array.dtype.kind in "fiub":
            found[place.path] = float(array)
    return found


def _fits(
    array: Array | None,
    before: Array | None,
    values: Values,
    number: int,
    sizes: Mapping[Any, float],
) -> bool:
    """Whether the numbers of a place are like those of the cases, or stood there before."""
    if array is None or before is None or not _keeps_order(array, before, values):
        return False
    low, high = values.ranges[number]
    if values.bound in sizes:
        high = sizes[values.bound]
    numbers, stood = _parts(array), set(map(str, _parts(before)))
    return all(
        (low <= one <= high and (one.is_integer() or not values.whole)) or str(one) in stood
        for one in numbers
    )


def _keeps_order(array: Array, before: Array, values: Values) -> bool:
    if values.symmetric:
        return _is_symmetric(array) or not _is_symmetric(before)
    if values.rising and array.ndim:
        return bool(np.all(np.diff(array) >= 0) or np.any(np.diff(before) < 0))
    return True


def _is_symmetric(array: Array) -> bool:
    return np.array_equal(array, array.T, equal_nan=array.dtype.kind in "fc")


def _parts(array: Array) -> list[float]:
    parts = [array.real, array.imag] if array.dtype.kind == "c" else [array]
    return [float(one) for part in parts for one in part.ravel().tolist()]
