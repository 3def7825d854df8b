"""Values of Octave in the form of the port's own, so that they can stand in their place.

May import `model` and `numbers`.
"""

from collections import deque
from collections.abc import Iterator, Set
from typing import Any

import numpy as np

from lockstep.explain.numbers import Numbers, Stream, is_whole, numbers, same_numbers
from lockstep.model.blocks import blocks
from lockstep.model.changed import whole


class NoFormError(Exception):
    """A value of Octave cannot take the form of the port's own."""


def in_form_of(own: Any, octave: Any) -> Any:
    """Give a value of Octave the form of the port's own.

    Parameters
    ----------
    own : Any
        What the port had.
    octave : Any
        What Octave had in its place, as decoded, or flat numbers.

    Raises
    ------
    NoFormError
        If it has no such form.
    """
    octave = whole(octave)
    if isinstance(own, str) or isinstance(octave, str):
        if isinstance(own, str) and isinstance(octave, str):
            return octave
        raise NoFormError
    if isinstance(own, dict) or isinstance(octave, dict):
        return _dict_like(own, octave)
    if isinstance(own, (list, tuple)):
        return _list_like(own, octave)
    if isinstance(own, (set, frozenset, deque)):
        return type(own)(_list_like(sorted(own) if isinstance(own, Set) else list(own), octave))
    found = numbers(octave)
    if found is None:
        raise NoFormError
    if isinstance(own, np.ndarray):
        return _array_like(own, octave, found)
    if isinstance(own, range):
        if not np.isfinite(found.flat).all():
            raise NoFormError
        return [int(n) if n == int(n) else n for n in found.flat.real.tolist()]
    if isinstance(own, (bool, int, float, complex, np.generic)):
        return _scalar_like(own, octave, found)
    if own is None:
        return octave
    raise NoFormError


def _dict_like(own: Any, octave: Any) -> Any:
    if not (isinstance(own, dict) and isinstance(octave, dict)):
        raise NoFormError
    return {key: in_form_of(v, octave[key]) if key in octave else v for key, v in own.items()}


def _list_like(own: Any, octave: Any) -> Any:
    if isinstance(octave, np.ndarray) and octave.dtype == object:
        items_like = _items_like(own, list(octave.ravel(order="F")))
    else:
        found = numbers(octave)
        if found is None:
            raise NoFormError
        items_like = _rows_like(own, found)
    return items_like if isinstance(own, list) else tuple(items_like)


def _items_like(own: Any, items: list[Any]) -> list[Any]:
    if len(items) == len(own):
        return [in_form_of(a, b) for a, b in zip(own, items, strict=True)]
    if not own:
        raise NoFormError
    return [in_form_of(own[0], item) for item in items]


def _rows_like(own: Any, found: Numbers) -> list[Any]:
    """Split numbers into the items of a list: one each, or as many as each item has."""
    sizes = [numbers(item) for item in own]
    if all(item is not None and item.flat.size == 1 for item in sizes):
        model = own[0] if own else 0.0
        return [in_form_of(model, number) for number in found.flat]
    total = sum(item.flat.size for item in sizes if item is not None)
    if total != found.flat.size or None in sizes:
        raise NoFormError
    source = found.flat if found.rows is None else found.rows
    ends = np.cumsum([item.flat.size for item in sizes if item is not None])
    parts = np.split(source, ends[:-1])
    return [in_form_of(a, part) for a, part in zip(own, parts, strict=True)]


def _array_like(own: np.ndarray[Any, Any], octave: Any, found: Numbers) -> Any:
    array = octave if isinstance(octave, np.ndarray) else found.flat
    if array.dtype.kind not in "biufc":
        array = found.flat
    kind = own.dtype if own.dtype.kind in "biuf" and not np.iscomplexobj(array) else array.dtype
    if kind.kind in "iu" and not are_whole(array):
        kind = np.dtype(float)
    if own.dtype.kind not in "biufc":
        raise NoFormError
    if own.size == array.size:
        shape: tuple[int, ...] = own.shape
        order = array.ravel(order="F")
    elif own.ndim == 1:
        shape, order = (array.size,), array.ravel(order="F")
    elif own.ndim == array.ndim:
        shape, order = array.shape, array.ravel(order="F")
    else:
        squeezed = tuple(n for n in array.shape if n != 1)
        if len(squeezed) != own.ndim:
            raise NoFormError
        shape, order = squeezed, array.ravel(order="F")
    with np.errstate(all="ignore"):
        return order.reshape(shape, order="F").astype(kind)


def _scalar_like(own: Any, octave: Any, found: Numbers) -> Any:
    if found.flat.size != 1:
        if isinstance(octave, np.ndarray) and octave.dtype.kind in "biufc":
            return octave.flatten(order="F") if 1 in octave.shape else octave.copy()
        raise NoFormError
    number = found.flat[0]
    if isinstance(own, float) and isinstance(octave, int):
        return octave
    if isinstance(own, (bool, np.bool_)):
        if number not in (0, 1):
            raise NoFormError  # a number is not what a comparison gives
        return type(own)(bool(number))
    whole = bool(np.isreal(number) and np.isfinite(number) and number == np.round(number.real))
    if isinstance(own, (int, np.integer)):
        if not whole:
            return float(number.real) if np.isreal(number) else complex(number)
        try:
            return type(own)(int(number.real))
        except OverflowError:
            return int(number.real)
    if isinstance(own, np.generic):
        return own.dtype.type(number) if own.dtype.kind == number.dtype.kind else number
    return number.item()


def aligned(port: Stream, octave: Stream) -> Iterator[list[Any]]:
    """Lay a stream of Octave beside a stream of the port: a value for each turn of the port's.

    Where Octave has more turns, the values of these follow: a loop of the port that ended too early
    may go on once its values are Octave's.

    Parameters
    ----------
    port, octave : Stream
        Streams of a site on each side, all of whose numbers are known.

    Yields
    ------
    list
        What stands in the place of each value of the port, the likeliest way first: turn by turn,
        or as two loops take them the other way round; a loop's values gathered into one array, or
        one array's elements given out to the turns; the last value of a loop; the first. Each
        comes transposed, too, where that fits.
    """
    for way in _in_turn(port, octave):
        turned = _transposed(port, way)
        yield from [turned] if turned and not _is_square(port) else []
        yield way
        yield from [turned] if turned and _is_square(port) else []


def _in_turn(port: Stream, octave: Stream) -> Iterator[list[Any]]:
    turns, theirs = len(port.values), len(octave.values)
    if turns == theirs:
        yield list(octave.values)
        if octave.crossed is not None:
            yield [octave.values[turn] for turn in octave.crossed]
    elif port.flat.size == octave.flat.size and turns and theirs:
        yield from _dealt_out(port, octave)
    if turns == theirs:
        return
    if turns == 1:
        yield [octave.values[-1]]
        if theirs > 1:
            yield list(octave.values)
    elif theirs == 1:
        yield [octave.values[0]] * turns
    elif theirs > turns:
        yield list(octave.values)
        if theirs % turns == 0:
            step = theirs // turns
            yield list(octave.values[step - 1 :: step])
    else:
        yield [*octave.values, *([octave.values[-1]] * (turns - theirs))]


def _transposed(port: Stream, values: list[Any]) -> list[Any]:
    """Transpose Octave's matrices where the port's have the other shape; nothing where not."""
    found = []
    beyond = [port.items[-1]] * (len(values) - len(port.items))
    for item, value in zip([*port.items, *beyond], values, strict=True):
        if item is None or not isinstance(value, np.ndarray) or value.ndim != 2:
            return []
        if len(item.shape) != 2 or item.shape != value.shape[::-1] or value.dtype == object:
            return []
        found.append(value.T)
    return found


def _is_square(port: Stream) -> bool:
    return all(item is not None and len(set(item.shape)) == 1 for item in port.items)


def _dealt_out(port: Stream, octave: Stream) -> Iterator[list[Any]]:
    ends = np.cumsum(port.sizes)[:-1]
    for order in octave.orders:
        parts = np.split(order, ends)
        yield parts
        by_row = []
        for part, item in zip(parts, port.items, strict=True):
            if item is not None and len(item.shape) > 1:
                by_row.append(part.reshape(item.shape, order="C").ravel(order="F"))
            else:
                by_row.append(part)
        if any(item is not None and len(item.shape) > 1 for item in port.items):
            yield by_row


def is_same_stream(port: Stream, values: list[Any]) -> bool:
    """Whether values that are to stand in the place of a stream are its own, as far as it goes."""
    return all(
        item is not None and is_same_value(item, value)
        for item, value in zip(port.items, values, strict=False)
    )


def is_same_value(item: Numbers, value: Any) -> bool:
    """Whether a value has the numbers of another."""
    other = numbers(value)
    return other is not None and same_numbers(item.flat, other.flat)


def one_less(port: Stream, values: list[Any]) -> list[Any] | None:
    """Take one from whole numbers that are to stand for the port's own: its indices start at 0.

    Returns
    -------
    list or None
        None where the port's own values are no whole numbers by their class.
    """
    if not all(is_whole(value) for value in port.values):
        return None
    try:
        return [_less(value) for value in values]
    except NoFormError:
        return None


def as_integers(port: Stream, values: list[Any]) -> list[Any] | None:
    """Make integers of whole numbers that are to stand for the port's floats: they may be indices.

    Returns
    -------
    list or None
        None where the port's own values are no floats, or the others no whole numbers.
    """
    if not all(isinstance(value, float) for value in port.values):
        return None
    found = [numbers(value) for value in values]
    flat = [one.flat.tolist() if one is not None else [] for one in found]
    if not all(len(one) == 1 and float.is_integer(abs(one[0])) for one in flat):
        return None
    return [int(np.real(one[0])) for one in flat]


def _less(value: Any) -> Any:
    if isinstance(value, np.ndarray) and value.dtype == object:
        found = np.empty(value.shape, dtype=object)
        for place in np.ndindex(value.shape):
            found[place] = _less(value[place])
        return found
    array = np.asarray(value)
    if array.dtype.kind not in "biuf" or not are_whole(array):
        raise NoFormError
    return array - 1.0


def are_whole(array: np.ndarray[Any, Any]) -> bool:
    """Whether all elements of an array are whole numbers."""
    return all(np.array_equal(block, np.round(block)) for _, (block,) in blocks(array))


def is_whole_number(value: Any) -> bool:
    """Whether a value is one whole number of a whole class."""
    return isinstance(value, (int, np.integer)) and not isinstance(value, bool)
