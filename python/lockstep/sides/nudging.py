"""Arguments moved by one unit in the last place (ulp), up or down.

How far the result of a call moves with them says how well it is conditioned. What is measured is
moved; whole numbers are sizes, labels, masks and counts, and stay: they are exact. May import
`model` and `cases`.
"""

import functools
from collections.abc import Sequence
from typing import Any

import numpy as np

from lockstep.model.blocks import BLOCK, blocks
from lockstep.model.values import Row
from lockstep.project.cases import Function, leaves, map_leaves

WHOLE = 2.0**53
"""From here on every double is a whole number, and being one says nothing."""


class Nudge:
    """Moves numbers by one ulp, each up or down; deterministic for each `run`.

    Parameters
    ----------
    run : int
        Number of the repetition.
    single : bool
        Whether single numbers are moved, too.
    """

    def __init__(self, run: int, single: bool = True) -> None:
        self._random = np.random.default_rng(run)
        self._single = single

    def argument(self, value: Any) -> Any:
        """Nudge one argument, below `Row` and `Function` too."""
        if isinstance(value, Row):
            return Row(self.argument(value.vector))
        if isinstance(value, Function) and value.pair is not None:
            bound = [map_leaves(item, self.argument) for item in value.bound]
            return Function(value.pair, *bound)
        return self.number(value)

    def number(self, value: Any) -> Any:
        """Nudge what is not whole of a float, a complex number or an array of them."""
        if not is_floating(value) or (not self._single and _is_single(value)):
            return value
        return moved(value, self._random.integers(0, 2, np.shape(value), np.int8) * 2 - 1)

    def handle(self, value: Any) -> Any:
        """Return a function whose results are nudged; leave all else alone."""
        if not callable(value):
            return value

        @functools.wraps(value)
        def nudged(*args: Any, **kwargs: Any) -> Any:
            return map_leaves(value(*args, **kwargs), self.number)

        return nudged


def moved(value: Any, steps: Any) -> Any:
    """Move what is not whole by ulps, away from zero where `steps` is positive.

    The bits of a float, read as a whole number, count the floats up to it. Inf and NaN stay.
    """
    numbers = np.asarray(value)
    if numbers.dtype.kind == "c":
        parts = numbers.copy()
        parts.real, parts.imag = moved(numbers.real, steps), moved(numbers.imag, steps)
        return parts if isinstance(value, np.ndarray) else numbers.dtype.type(parts)
    if numbers.dtype.itemsize not in (4, 8):
        return value
    if numbers.size > BLOCK and numbers.flags.c_contiguous:
        return _moved_in_blocks(numbers, steps)
    if numbers.size > BLOCK and numbers.flags.f_contiguous:
        return _moved_in_blocks(numbers.T, np.asarray(steps).T).T
    bits = np.ascontiguousarray(numbers).view(f"i{numbers.dtype.itemsize}").reshape(numbers.shape)
    after = (bits + np.asarray(steps, bits.dtype)).view(numbers.dtype)
    after = np.where(_is_whole(numbers), numbers, after)
    return after if isinstance(value, np.ndarray) else numbers.dtype.type(after)


def _moved_in_blocks(numbers: np.ndarray[Any, Any], steps: Any) -> np.ndarray[Any, Any]:
    after = np.empty(numbers.shape, numbers.dtype)
    flat, ways, into = numbers.reshape(-1), np.broadcast_to(steps, numbers.shape), after.reshape(-1)
    for begin, (block, way) in blocks(flat, ways.reshape(-1)):
        into[begin : begin + block.size] = moved(block, way)
    return after


def has_measured(args: Sequence[Any], single: bool = True) -> bool:
    """Whether some of the arguments of a case can be nudged.

    Parameters
    ----------
    args : sequence
        The arguments.
    single : bool
        Whether single numbers are.
    """
    return any(_is_measured(one, single) for one in leaves(list(args)))


def _is_measured(value: Any, single: bool) -> bool:
    if isinstance(value, Row):
        return _is_measured(value.vector, single)
    if isinstance(value, Function):
        return has_measured(value.bound, single)
    if not is_floating(value) or (_is_single(value) and not single):
        return False
    numbers = np.asarray(value)
    parts = (numbers.real, numbers.imag) if numbers.dtype.kind == "c" else (numbers,)
    return any(not _is_whole(block).all() for part in parts for _, (block,) in blocks(part))


def _is_whole(numbers: np.ndarray[Any, Any]) -> Any:
    """Tell which real numbers stay: whole ones, Inf and NaN."""
    with np.errstate(invalid="ignore"):
        whole = (numbers == np.rint(numbers)) & (np.abs(numbers) < WHOLE)
        return whole | ~np.isfinite(numbers)


def is_floating(value: Any) -> bool:
    """Whether `value` is a float, a complex number, or an array of them."""
    return isinstance(value, (float, complex, np.inexact)) or (
        isinstance(value, np.ndarray) and value.dtype.kind in "fc"
    )


def _is_single(value: Any) -> bool:
    return np.asarray(value).dtype in (np.float32, np.complex64)
