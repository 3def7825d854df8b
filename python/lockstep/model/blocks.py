"""Large arrays, walked through block by block: what is computed of a block stays small.

Imports nothing of the package.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np

BLOCK = 2**17
"""Elements of a block."""

SMALL = 2**12
"""Elements of an array that is sooner copied than parted into blocks."""

Array = np.ndarray[Any, Any]


def blocks(*arrays: Array) -> Iterator[tuple[int, tuple[Array, ...]]]:
    """Yield where each block begins, and that block of each of some arrays of one shape.

    Elements are counted column by column.
    """
    flat = [one.reshape(-1, order="F") if one.flags.f_contiguous else one.T.flat for one in arrays]
    for begin in range(0, arrays[0].size, BLOCK):
        yield begin, tuple(np.asarray(one[begin : begin + BLOCK]) for one in flat)


def same_bits(one: Array, other: Array) -> bool:
    """Whether two arrays of one shape, and not of objects, are the same bit by bit."""
    if one.dtype != other.dtype or one.shape != other.shape:
        return False
    if one.size <= SMALL:
        return one.tobytes() == other.tobytes()
    return all(np.array_equal(_words(a), _words(b)) for _, (a, b) in blocks(one, other))


def largest(values: Array) -> float:
    """Return the size of the largest finite number of an array; 0 where there is none."""
    found = 0.0
    for _, (block,) in blocks(values):
        sizes = np.abs(block)
        found = max(found, float(np.max(sizes, where=np.isfinite(sizes), initial=0.0)))
    return found


def _words(values: Array) -> Array:
    if values.dtype.kind == "b":
        return values
    width = min(values.itemsize, 8)
    return np.ascontiguousarray(values).view(f"u{width}")
