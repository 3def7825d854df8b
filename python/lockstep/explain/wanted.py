"""What an input of an expression must be for the expression to give a wanted value.

Nothing is known of the operation but what it gives: where it moves its input's elements about, that
is seen from numbers that tell where they came from; where it computes with them, the input is found
by Newton's method. What is found is checked: the expression must give the wanted value with it.
Imports nothing of the package.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

Operation = Callable[[Any], Any]
"""Gives the value of an expression for a value of one of its inputs; raises where it cannot."""

Numbers = np.ndarray[Any, Any]

RELATIVE = 1e-11
"""How far the expression's value may be from the wanted one, as a part of its largest element:
Newton's method ends within some roundings of the operation."""

STEPS = 12
"""Steps of Newton's method; where the operation is linear, one is enough."""

MOST_ELEMENTS = 100_000
"""Larger inputs are left alone."""

MOST_COLUMNS = 40
"""Elements of an input of which each may act on each of the value."""

SHIFTS = (1, -1, 2, -2)
"""What is added to whole numbers that the operation may take for indices."""

_FIRST_CODE = 2**40
"""Larger than the numbers of ports are, and exact as a double."""


def needed(operation: Operation, own: Any, wanted: Any) -> Any:
    """Return a value of the input for which an operation gives what is wanted.

    Parameters
    ----------
    operation : callable
        Gives the value of the expression.
    own : Any
        What the input is.
    wanted : Any
        What the expression should give.

    Returns
    -------
    Any
        Of the class of `own`; None where none is found.
    """
    flat = _flat(own)
    if flat is None or not 0 < flat.size <= MOST_ELEMENTS:
        return None
    for values in _proposals(operation, own, flat, wanted):
        found = _rebuilt(own, values)
        if found is not None and _is_given(operation, found, wanted):
            return found
    return None


def _proposals(operation: Operation, own: Any, flat: Numbers, wanted: Any) -> Iterator[Numbers]:
    for way in (_moved, _shifted, _solved):
        try:
            with np.errstate(all="ignore"):
                yield from way(operation, own, flat, wanted)
        except Exception:  # an operation of the port's may raise anything
            continue


def _is_given(operation: Operation, value: Any, wanted: Any) -> bool:
    try:
        return is_close(operation(value), wanted)
    except Exception:
        return False


def is_close(one: Any, other: Any) -> bool:
    """Whether two values of the port are the same but for some roundings."""
    if isinstance(one, str) or isinstance(other, str):
        return isinstance(one, str) and isinstance(other, str) and one == other
    first, second = _flat(one), _flat(other)
    if first is None or second is None or _shape(one) != _shape(other):
        return False
    with np.errstate(all="ignore"):
        size = np.abs(second[np.isfinite(second)]).max(initial=0.0)
        return bool(np.allclose(first, second, RELATIVE, RELATIVE * size, equal_nan=True))


def _moved(operation: Operation, own: Any, flat: Numbers, wanted: Any) -> Iterator[Numbers]:
    """Follow the elements: each of the value is one of the input, or none of its business."""
    codes = _FIRST_CODE + np.arange(flat.size)
    given, before, after = operation(_rebuilt(own, codes)), operation(own), _flat(wanted)
    found, kept = _flat(given), _flat(before)
    if found is None or kept is None or after is None or not found.size == kept.size == after.size:
        return
    places = found.real - _FIRST_CODE
    is_code = (places >= 0) & (places < flat.size) & (places == np.floor(places))
    values = flat.astype(np.result_type(flat, after))
    values[places[is_code].astype(int)] = after[is_code]
    yield values


def _shifted(operation: Operation, own: Any, flat: Numbers, wanted: Any) -> Iterator[Numbers]:
    """Move whole numbers: they may be indices."""
    if np.all(np.isfinite(flat)) and np.all(flat == np.floor(flat.real)):
        for step in SHIFTS:
            yield flat + step


def _solved(operation: Operation, own: Any, flat: Numbers, wanted: Any) -> Iterator[Numbers]:
    """Solve for the elements: each acts on its own, or there are few."""
    after = _flat(wanted)
    if after is None or flat.dtype.kind == "b":
        return

    def given(values: Numbers) -> Numbers:
        made = _flat(operation(_rebuilt(own, values)))
        if made is None or made.size != after.size:
            raise ValueError("another size")
        return made.astype(np.result_type(made, 1.0))

    values = flat.astype(np.result_type(flat, 1.0))
    if flat.size == after.size:
        yield _newton(given, values, after, _slopes_alone)
    if flat.size <= MOST_COLUMNS:
        yield _newton(given, values, after, _slopes)


def _newton(
    given: Callable[[Numbers], Numbers],
    values: Numbers,
    after: Numbers,
    step_of: Callable[[Callable[[Numbers], Numbers], Numbers, Numbers, Numbers], Numbers],
) -> Numbers:
    with np.errstate(all="ignore"):
        for _ in range(STEPS):
            now = given(values)
            off = np.where(np.isfinite(after - now), after - now, 0.0)
            if not np.any(np.abs(off) > RELATIVE * np.abs(after)):
                break
            values = values + step_of(given, values, now, off)
    whole = np.round(values.real)
    return whole if np.allclose(values, whole, RELATIVE, RELATIVE) else values


def _steps(values: Numbers) -> Numbers:
    """How far to go for a slope: to other whole numbers, or a little."""
    is_whole = bool(np.all(values == np.round(values.real)))
    return np.ones(values.size) if is_whole else 1e-6 * np.maximum(np.abs(values), 1e-3)


def _slopes_alone(
    given: Callable[[Numbers], Numbers], values: Numbers, now: Numbers, off: Numbers
) -> Numbers:
    step = _steps(values)
    slope = (given(values + step) - now) / step
    return np.where((off != 0.0) & (slope != 0.0), off / np.where(slope == 0.0, 1.0, slope), 0.0)


def _slopes(
    given: Callable[[Numbers], Numbers], values: Numbers, now: Numbers, off: Numbers
) -> Numbers:
    step = _steps(values)
    columns = []
    for place in range(values.size):
        moved = values.copy()
        moved[place] += step[place]
        columns.append((given(moved) - now) / step[place])
    matrix = np.stack(columns, axis=1)
    found, _, rank, _ = np.linalg.lstsq(matrix, off, rcond=None)
    if rank < values.size:
        raise ValueError("many values of the input give the same")
    return np.asarray(found)


# Values as a list of numbers, and back


def _flat(value: Any) -> Numbers | None:
    """Return the numbers of a value in a row; None where it has others than numbers."""
    if isinstance(value, np.ndarray):
        return value.ravel() if value.dtype.kind in "biufc" else None
    if isinstance(value, (bool, int, float, complex, np.number, np.bool_)):
        try:
            return np.asarray([value]) if np.asarray(value).dtype.kind in "biufc" else None
        except OverflowError:
            return None
    if isinstance(value, (list, tuple)):
        parts = [_flat(one) for one in value]
        known = [one for one in parts if one is not None]
        if len(known) < len(parts):
            return None
        return np.concatenate(known) if known else np.empty(0)
    return None


def _shape(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        return value.shape
    return tuple(_shape(one) for one in value) if isinstance(value, (list, tuple)) else ()


def _rebuilt(like: Any, values: Numbers) -> Any:
    """Return a value like another with other numbers; None where these do not fit."""
    found, used = _built(like, values, 0)
    return found if used == values.size else None


def _built(like: Any, values: Numbers, start: int) -> tuple[Any, int]:
    if isinstance(like, np.ndarray):
        part = values[start : start + like.size].reshape(like.shape)
        return _in_class(like.dtype, part), start + like.size
    if isinstance(like, (list, tuple)):
        made: list[Any] = []
        for one in like:
            item, start = _built(one, values, start)
            made.append(item)
        return _like_sequence(like, made), start
    kind = np.asarray(like).dtype
    number = _in_class(kind, values[start : start + 1])[0]
    return (number if isinstance(like, np.generic) else number.item()), start + 1


def _like_sequence(like: Sequence[Any], made: list[Any]) -> Any:
    return made if isinstance(like, list) else tuple(made)


def _in_class(kind: np.dtype[Any], values: Numbers) -> Numbers:
    """Keep the class where it holds the numbers."""
    if values.dtype == kind:
        return values.copy()
    with np.errstate(all="ignore"):
        same = values.astype(kind) if kind.kind == "c" or values.dtype.kind != "c" else None
    if same is not None and np.array_equal(same, values, equal_nan=kind.kind in "fc"):
        return same
    return values.copy()
