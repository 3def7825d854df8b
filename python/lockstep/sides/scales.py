"""How far sums, products of matrices and norms are off, from the roundings of their partial sums.

With partial sums S_k a sum is off by half an ulp of 1 times sqrt(sum S_k^2), which is what
independent roundings add up to. All is computed in units near the largest number, so that squares
do not overflow. May import `mixing`.
"""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from lockstep.sides.mixing import largest_along

EPS = 2.0**-52

CHUNKS = 16
"""At so many places a matrix product's partial sums are looked at."""

LARGE = 10**6
"""Multiplications beyond which a product's partial sums are not looked at, but estimated: from the
lengths of rows and columns, as for terms of either sign, or from the sum, as for terms of one."""

MOST_ROUNDINGS = 2
"""Of a sum of n terms: so many times n roundings of the sum of their sizes, four times the bound of
summing one by one; what is further apart is no rounding."""

TAME = 2.0**200
"""Numbers up to this, and down to its reciprocal, have squares whose sums do not overflow."""


def of_sums(partial: Any, axis: int) -> Any:
    """Return how far each cumulated sum is off, by the sums so far."""
    unit, tame = _tame(partial)
    return 0.5 * EPS * unit * np.sqrt(np.cumsum(_squared(tame), axis=axis))


def of_sum(terms: Any, axis: int, result: Any, divisor: Any) -> Any:
    """Return how far a sum along an axis, or that over divisors, is off; 0 where nothing is added.

    It is at least as far off as what summing one by one, as Octave does, makes of it: roundings of
    like terms are not independent. Further than they go it is another sum, and no rounding.
    """
    partial = np.cumsum(terms, axis=axis)
    one_by_one = np.take(partial, -1, axis=axis)
    unit, tame = _tame(partial)
    scale = 0.5 * EPS * unit * np.sqrt(np.sum(_squared(tame), axis=axis))
    eps = max(float(np.finfo(one.dtype).eps) for one in (partial, np.asarray(result)))
    most = MOST_ROUNDINGS * eps * terms.shape[axis] * np.sum(np.abs(terms), axis=axis)
    found = np.reshape(result, np.shape(one_by_one))
    if np.any(divisor != 1):
        divisor = np.reshape(divisor, np.shape(one_by_one)) if np.ndim(divisor) else divisor
        apart = np.abs(one_by_one / divisor - found)
        return np.maximum(scale, np.where(apart * divisor > most, 0.0, apart * divisor)) / divisor
    apart = np.abs(one_by_one - found)
    single = np.sum(terms != 0, axis=axis) <= 1
    return np.where(single, 0.0, np.maximum(scale, np.where(apart > most, 0.0, apart)))


def of_squares(name: str, terms: Any, result: Any, axis: int | None = None) -> Any:
    """Return how far a norm or a deviation along an axis is off: a sum of squares of one sign."""
    count = 1 if terms is None else max(terms.size // max(np.size(result), 1), 1)
    off = 0.0 if terms is None or terms.ndim != 1 else _off_by_squares(terms)
    scale = np.abs(result) * max(EPS * math.sqrt(count), off)
    if terms is not None and terms.size and name != "norm":  # the mean is taken off first
        largest = largest_along(np.abs(terms), axis)
        each = np.size(largest) == np.size(result)
        lost = EPS * (largest.reshape(np.shape(result)) if each else np.max(largest))
        scale = scale + lost * (1 if "std" in name else 2 * np.sqrt(np.abs(result)) + lost)
    return scale


def ulps_of_reduced(arrays: Sequence[Any], result: Any) -> float:
    """Return by how many ulps a function's result is off that has summed up what it was given."""
    size = max(np.size(result), 1)
    reduced = [one for one in arrays if one.size > size and one.dtype.kind in "fc"]
    if not reduced:
        return 1.0
    terms = max(reduced, key=np.size)
    return float(max(math.sqrt(terms.size // size), _off_by_squares(terms.ravel()) / EPS))


def _off_by_squares(terms: Any) -> float:
    """Return by which part of it a sum of squares is off that is made one by one."""
    if not np.isrealobj(terms):
        return 0.0
    squares = (terms / _unit(terms)) ** 2
    total = np.sum(squares)
    return abs(float(np.cumsum(squares)[-1] - total)) / float(total) if total > 0 else 0.0


def of_product(left: Any, right: Any, result: Any) -> tuple[Any, Any]:
    """Return which elements of a product of two matrices are inexact, and how far they are off."""
    if left.size * right.shape[1] > LARGE:
        return result != 0, _of_large_product(left, right, result)
    left_unit, left = _tame(left)
    right_unit, right = _tame(right)
    sizes = _squared(left) @ _squared(right)
    step, parts = _parts(left, right)
    partial = np.cumsum(parts, axis=0)
    total = np.abs(partial[-1])
    scale = 0.5 * EPS * np.sqrt(np.sum(_squared(partial), axis=0) * step + sizes)
    inexact = np.ones(scale.shape, bool)
    single = sizes == total**2
    if single.any():
        scale = np.where(single, total * EPS, scale)
        for factor, axis in ((left, 1), (right, 0)):
            sizes = np.abs(factor)
            exact = (np.frexp(sizes)[0] % 0.5 == 0).all(axis)  # it selects, or doubles and halves
            exact = np.expand_dims(exact, axis) | (total == np.expand_dims(sizes.max(axis), axis))
            inexact &= ~(single & exact)
    scale *= left_unit * right_unit
    return inexact.reshape(result.shape), scale.reshape(result.shape)


def _parts(left: Any, right: Any) -> tuple[int, Any]:
    """Return the sums of up to `CHUNKS` parts of a product, and how many terms a part has."""
    count = left.shape[1]
    step = max(-(-count // CHUNKS), 1)
    if step == 1:
        return 1, left.T[:, :, np.newaxis] * right[:, np.newaxis, :]
    whole, rest = divmod(count, step)
    lefts = left[:, : whole * step].reshape(len(left), whole, step).swapaxes(0, 1)
    parts = lefts @ right[: whole * step].reshape(whole, step, right.shape[1])
    if rest:
        parts = np.concatenate([parts, (left[:, -rest:] @ right[-rest:])[np.newaxis]])
    return step, parts


def _of_large_product(left: Any, right: Any, result: Any) -> Any:
    """Estimate from the lengths of rows and columns how far a large product's sums are off."""
    rows, columns = _lengths(left, "ij,ij->i")[:, np.newaxis], _lengths(right, "ij,ij->j")
    lengths = (rows * columns).reshape(result.shape)
    count = left.shape[1]
    return 0.5 * EPS * np.maximum(lengths / math.sqrt(2), math.sqrt(count / 3) * np.abs(result))


def _lengths(matrix: Any, sums: str) -> Any:
    floating = matrix + 0.0 if matrix.dtype.kind in "biu" else matrix
    conjugate = np.conj(floating) if floating.dtype.kind == "c" else floating
    return np.sqrt(np.abs(np.einsum(sums, floating, conjugate)))


def _squared(numbers: Any) -> Any:
    sizes = np.abs(numbers) if numbers.dtype.kind == "c" else numbers
    return sizes * sizes


def _tame(numbers: Any) -> tuple[float, Any]:
    """Return a unit, and the numbers in it: 1 where their squares overflow in no sum."""
    unit = _unit(numbers)
    if 1 / TAME <= unit <= TAME and numbers.dtype.char in "dD":
        return 1.0, numbers
    return unit, numbers / unit


def _unit(numbers: Any) -> float:
    """Return a power of two near the largest number."""
    sizes = np.abs(numbers)
    largest = float(sizes.max()) if sizes.size else 0.0
    if not math.isfinite(largest):
        largest = float(np.max(sizes, where=np.isfinite(sizes), initial=0.0))
    return math.ldexp(1.0, math.frexp(largest)[1] - 1) if largest > 0 else 1.0


def of_powers(found: Any) -> Any:
    """Return how far powers are off, or NumPy's determinants: an ulp of their logarithms."""
    sizes = np.abs(found)
    with np.errstate(divide="ignore", invalid="ignore"):
        return EPS * np.nan_to_num(np.maximum(1.0, np.abs(np.log(sizes))) * sizes)


def ulps_of_expm(matrix: Any) -> float:
    """Return by how many ulps of its largest element the exponential of a matrix is off.

    It is not backward stable: the result is squared as often as the norm is halved, and SciPy's, of
    positive matrices, is off by 80 ulps for each of the norm and the size.
    """
    norm = float(np.max(np.sum(np.abs(matrix), axis=-2)))
    return max(1.0, 8.0 * int(matrix.shape[-1]) * norm)


def of_multilinear(name: str, factors: Sequence[Any], sizes: Any) -> Any:
    """Return how far sums of products are off.

    Parameters
    ----------
    name : str
        Of the function.
    factors : sequence of ndarray
        What is multiplied.
    sizes : float or ndarray
        The sums of the terms' sizes, as the function gives them.
    """
    counts = [max(one.size, 1) for one in factors]
    if name == "kron":
        terms = 1.0
    elif name in ("convolve", "correlate"):
        terms = float(min(counts))
    else:
        terms = math.sqrt(math.prod(counts) / max(np.size(sizes), 1))
    return EPS * max(1.0, math.sqrt(terms) / 2) * np.abs(sizes)


def of_polynomial(zeros: Any) -> Any:
    """Return how far the coefficients of a polynomial are off that is made of its zeros."""
    return EPS * max(1.0, math.sqrt(zeros.size) / 2) * np.poly(-np.abs(zeros))
