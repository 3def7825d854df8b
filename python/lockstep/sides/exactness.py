"""Which results of arithmetic are exact, so that no machine gives another.

Sums, products and quotients are told by the error-free transformations of Dekker and Knuth.
Imports nothing of the package.
"""

from typing import Any

import numpy as np

GRID = 2.0**20
"""Sums of multiples of 1 / GRID are taken for exact."""

SPLIT = 2.0**27 + 1
"""Dekker's constant: halves the digits of a double."""

MANY = 2 * 10**4
"""Elements beyond which whether an operation is exact is judged by some of them."""

SOME = 64
"""That many."""

_SCALARS = (float, int)


def is_inexact(name: str, a: Any, b: Any, result: Any) -> Any:
    """Tell where an operation on real doubles did not give its exact result.

    Parameters
    ----------
    name : str
        Of the operation: ``Add``, ``Sub``, ``Mult``, ``Div``, ``Pow``.
    a, b, result : float or ndarray
        Operands and result.

    Returns
    -------
    bool or ndarray of bool
        By element; one value for all where that is known, or where there are many.
    """
    if isinstance(result, float) and isinstance(a, _SCALARS) and isinstance(b, _SCALARS):
        a, b, result = float(a), float(b), float(result)  # Python's own are the fastest
    elif not (_is_real(a) and _is_real(b) and _make(a, b, result)):
        return True
    if isinstance(result, np.ndarray) and result.size > MANY:
        step = result.size // SOME
        a, b = (np.broadcast_to(np.asarray(x), result.shape).flat[::step] for x in (a, b))
        return bool(np.any(is_inexact(name, a, b, result.flat[::step])))
    if name == "Pow":
        return (
            product_error(_as_doubles(a), _as_doubles(a), result) != 0 if np.all(b == 2) else True
        )
    a, b = _as_doubles(a), _as_doubles(b)
    if name == "Add":
        part = result - a
        return ((a - (result - part)) + (b - part)) != 0
    if name == "Sub":
        part = result - a
        return ((a - (result - part)) - (b + part)) != 0
    if name == "Mult":
        return product_error(a, b, result) != 0
    if name == "Div":
        return product_error(result, b, a) != 0
    return True


def _make(a: Any, b: Any, result: Any) -> bool:
    """Whether the shapes of two operands make the result's: tables have rules of their own."""
    try:
        return bool(np.broadcast_shapes(np.shape(a), np.shape(b)) == np.shape(result))
    except ValueError:
        return False


def _as_doubles(x: Any) -> Any:
    if isinstance(x, float) or (isinstance(x, np.ndarray) and x.dtype.char == "d"):
        return x
    return np.asarray(x, np.float64)


def _is_real(value: Any) -> bool:
    if isinstance(value, (np.ndarray, np.generic)):
        return value.dtype.kind in "biuf"
    return isinstance(value, (int, float))


def product_error(a: Any, b: Any, product: Any) -> Any:
    """Return a * b - product, exactly but for under- and overflow (Dekker)."""
    a_high, b_high = SPLIT * a, SPLIT * b
    a_high, b_high = a_high - (a_high - a), b_high - (b_high - b)
    a_low, b_low = a - a_high, b - b_high
    return a_low * b_low - (((product - a_high * b_high) - a_low * b_high) - a_high * b_low)


def on_grid(numbers: Any, grid: float = GRID) -> bool:
    """Whether sums of these numbers are exact: all are multiples of a power of two."""
    if numbers.dtype.kind in "biu":
        return True
    parts = (numbers.real, numbers.imag) if numbers.dtype.kind == "c" else (numbers,)
    for part in parts:
        if part.size and not (float(part.flat[0]) * grid).is_integer():
            return False
        samples = [part.flat[:: part.size // SOME]] if part.size > SOME else []
        for some in (*samples, part):
            scaled = some * grid
            if not (scaled == np.rint(scaled)).all():
                return False
        if float(np.sum(np.abs(part))) * grid >= 2.0**53:
            return False
    return True


def is_quotient(result: Any, count: int) -> Any:
    """Whether a mean of numbers whose sum is exact is exact, too."""
    total = np.rint(np.asarray(result) * count * GRID) / GRID
    return product_error(np.asarray(result), count, total) == 0


def is_selected(result: Any, arrays: list[Any]) -> bool:
    """Whether all of a result stands in what it was made from, judged by some of it."""
    flat = np.abs(np.ravel(result))
    some = flat[:: max(flat.size // SOME, 1)]
    some = some[some != np.rint(some)]
    if some.size == 0 or sum(a.size for a in arrays) > 10**6:
        return False
    pool = [np.abs(np.ravel(a)) for a in arrays]
    return bool(pool) and bool(np.all(np.isin(some, np.concatenate(pool))))


def is_floating(value: Any) -> bool:
    """Whether a value is of floating-point numbers that are moved."""
    if isinstance(value, np.ndarray):
        return value.dtype.kind in "fc" and value.dtype.itemsize in (4, 8, 16)
    return isinstance(value, (float, complex, np.floating, np.complexfloating))


def numbers_in(value: Any) -> Any:
    """Return an array of the numbers that an argument holds; None where it is something else."""
    if isinstance(value, (bool, str, type(None))):
        return None
    if isinstance(value, (int, float, complex, np.ndarray, np.number)):
        array = np.asarray(value)
        return array if array.dtype.kind in "biufc" else None
    if isinstance(value, (list, tuple)) and value:
        try:
            array = np.asarray(value)
        except (ValueError, TypeError):
            return None
        return array if array.dtype.kind in "biufc" else None
    return None
