"""Numbers out of drawn bytes: small and simple ones from small bytes, measured ones from large.

A byte 0 is the simplest number that the cases allow, so that what makes bytes smaller makes numbers
simpler. May import `profiles`.
"""

import sys
from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np

from lockstep.fuzz.profiles import Values

SIMPLE = (0.0, 1.0, 2.0, -1.0, 3.0, -2.0, 4.0, 0.5, -0.5, 5.0, 1.5, -3.0, 2.5, 6.0, 7.0, 0.25, 10.0)
"""The simplest numbers, in this order."""

MEASURED = 64
"""From this byte on a number is one that was measured, with all its digits, if there are such."""

GOLDEN, SILVER = 0.6180339887498949, 0.41421356237309515
"""Multiples of these, without their whole parts, are spread evenly and never equal."""

Bytes = np.ndarray[Any, np.dtype[np.uint8]]
Floats = np.ndarray[Any, np.dtype[np.float64]]


def decoded(drawn: Bytes, values: Values, low: float, high: float) -> Floats:
    """Return a number for each byte, in a range and like those of the cases.

    Each row of bytes is for itself.
    """
    if values.rising == "strictly":
        return _rising(drawn, values, low)
    numbers = _numbers(drawn, values.whole, low, high)
    return np.sort(numbers) if values.rising else numbers


def _numbers(drawn: Bytes, whole: bool, low: float, high: float) -> Floats:
    simple = _simple(whole, low, high)
    codes = drawn.astype(np.intp)
    is_simple = codes < (MEASURED if not whole and low < high else 256)
    places = np.arange(codes.shape[-1])
    part = np.modf(codes * GOLDEN + places * SILVER)[0]
    span = min(float(high) - float(low), sys.float_info.max)
    if whole:
        beyond = codes >= len(simple)
        measured = np.minimum(np.floor(low + part * (span + 1)), high)
        return np.where(beyond, measured, simple[np.minimum(codes, len(simple) - 1)])
    return np.where(is_simple, simple[codes % len(simple)], low + part * span)


@cache
def _simple(whole: bool, low: float, high: float) -> Floats:
    """Return the simplest numbers of a range; of an odd one its ends."""
    found = [one for one in SIMPLE if low <= one <= high and (not whole or float(one).is_integer())]
    return np.array(found or [low, high])


def _rising(drawn: Bytes, values: Values, low: float) -> Floats:
    """Return numbers each of which is larger than the one before."""
    steps = 1.0 + drawn % 4 if values.whole else 1.0 + drawn / 64.0
    first = low if values.whole else min(max(low, 0.0), 1.0)
    return np.asarray(first + np.cumsum(steps, axis=-1) - steps[..., :1], dtype=np.float64)


def shaped(numbers: Floats, shape: Sequence[int], values: Values, kind: str) -> Any:
    """Give numbers their shape, column by column, and their class."""
    array = numbers.reshape(shape, order="F")
    if values.symmetric and len(shape) == 2 and shape[0] == shape[1]:
        array = np.triu(array) + np.triu(array, 1).T
    dtype = np.dtype(kind)
    if dtype.kind in "iu":
        limits = np.iinfo(dtype)
        array = np.clip(np.rint(array), float(limits.min), np.nextafter(float(limits.max) + 1, 0))
    elif dtype == np.float32:
        limit = float(np.finfo(dtype).max)
        array = np.clip(array, -limit, limit)
    return array.astype(dtype)
