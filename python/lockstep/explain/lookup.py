"""Numbers looked up by what they hold: which rows of numbers are the same as a given one.

May import `model` and `numbers`.
"""

import functools
import math
from collections.abc import Iterator
from typing import Any

import numpy as np

from lockstep.explain.numbers import same_numbers
from lockstep.model.blocks import BLOCK, blocks


def print_of(flat: np.ndarray[Any, Any]) -> tuple[float, float]:
    """Return a number that numbers which are the same have in common, and how exact it is."""
    if flat.size == 1 and flat.dtype.kind == "f":
        number = float(flat[0])
        if math.isfinite(number):
            return number, 1e-8 * abs(number)
    total = exact = 0.0
    weights = _weights(min(flat.size, BLOCK))
    for begin, (block,) in blocks(flat):
        plain = block
        if not np.isfinite(block).all():
            plain = np.nan_to_num(block, nan=0.7, posinf=1.3, neginf=-1.7)
        if plain.dtype.kind == "c":
            plain = plain.real + 0.61 * plain.imag
        with np.errstate(over="ignore", invalid="ignore"):
            terms = weights[: block.size] * plain * math.cos(begin // BLOCK)
            total += float(terms.sum())
            exact += float(np.abs(terms).sum())
    return total, 1e-8 * exact


@functools.lru_cache(maxsize=256)
def _weights(size: int) -> np.ndarray[Any, Any]:
    return np.asarray(np.sin(np.arange(1, size + 1) * 1.2345 + 0.5))


_Entry = tuple[np.ndarray[Any, Any], int, float, float]
"""Numbers, their key, and their print."""


class Index:
    """Finds which rows of numbers are the same as a given one."""

    def __init__(self) -> None:
        self._buckets: dict[int, dict[int, list[_Entry]]] = {}

    def add(self, flat: np.ndarray[Any, Any], key: int) -> None:
        """Keep numbers under a key."""
        buckets = self._buckets.setdefault(flat.size, {})
        own, exact = print_of(flat)
        bucket = buckets.setdefault(_bucket(own), [])
        if len(bucket) < MOST_ALIKE:
            bucket.append((flat, key, own, exact))

    def find(
        self, flat: np.ndarray[Any, Any], spread: np.ndarray[Any, Any] | None = None
    ) -> list[int]:
        """Return the keys of the numbers that are the same, in the order of `add`."""
        return list(self._found(flat, spread))

    def first(self, flat: np.ndarray[Any, Any], spread: np.ndarray[Any, Any] | None = None) -> int:
        """Return the first key of the numbers that are the same; -1 for none."""
        return next(self._found(flat, spread), -1)

    def _found(
        self, flat: np.ndarray[Any, Any], spread: np.ndarray[Any, Any] | None
    ) -> Iterator[int]:
        own, exact = print_of(flat)
        if spread is not None:
            exact += float(np.sum(spread))
        low, high = _bucket(own - exact), _bucket(own + exact)
        buckets = self._buckets.get(flat.size, {})
        if high - low > len(buckets):  # of numbers that cancel, or move, many prints are near
            near = sorted(b for b in buckets if low - 1 <= b <= high + 1)
        else:
            near = [b for b in range(low - 1, high + 2) if b in buckets]
        for one in near:
            for other, key, print_, less in buckets[one]:
                if not abs(own - print_) > exact + less and same_numbers(flat, other, spread):
                    yield key


MOST_ALIKE = 200
"""Values of one print that are kept; small whole numbers come by the thousand."""


def _bucket(number: float) -> int:
    """Return the bucket of a number: 2**16 of them lie between a number and its double."""
    if not math.isfinite(number):
        return 0
    mantissa, exponent = math.frexp(number)
    place = (exponent + 1100) * 65536 + int((abs(mantissa) - 0.5) * 131072)
    return place if number > 0 else -place if number < 0 else 0
