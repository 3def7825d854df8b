"""Whether what a replay of the port returned agrees with Octave in every output.

May import `compare`.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from lockstep.compare.distance import distance
from lockstep.compare.large import agree_everywhere, is_large
from lockstep.compare.leaves import Leaf, largest_number
from lockstep.compare.verdict import LeafResult

ULPS = 64.0
"""Ulps of its own that an element may be off where nothing else was measured."""

OF_THE_LARGEST = 2.0**-42
"""What a small element beside large ones may be off, as a part of the largest."""

Split = Callable[[Any], Iterable[tuple[str, Leaf]]]
"""Pairs what the port returned with Octave's outputs, leaf by leaf."""


def judge(
    split: Split,
    measured: Mapping[str, LeafResult],
    of_the_largest: float | None = OF_THE_LARGEST,
    lacking: Collection[str] | None = None,
) -> Callable[[Any], bool]:
    """Return a function that says whether a result of the port agrees with Octave.

    Parameters
    ----------
    split : callable
        Pairs the leaves of a result with those of Octave's outputs.
    measured : mapping
        By leaf, what was measured of it.
    of_the_largest : float
        What an element may be off anyway, as a part of the largest; None for nothing beyond what
        was measured.
    lacking : collection of str, optional
        Outputs that the port need not return: to leave out another one mends nothing. By default
        any.
    """

    def agrees(result: Any) -> bool:
        is_any = False
        for name, leaf in _split(split, result):  # most disagree in the first already
            is_left_out = not (leaf.is_returned or lacking is None or name in lacking)
            if is_left_out or not _leaf_agrees(leaf, measured.get(name), of_the_largest):
                return False
            is_any = True
        return is_any

    return agrees


def _split(split: Split, result: Any) -> Iterator[tuple[str, Leaf]]:
    """Yield the leaves of a result, at last one that does not fit where it cannot be split."""
    try:
        yield from split(result)
    except Exception:
        yield "", Leaf("", None, None, "it is no result")


def slack(results: Sequence[LeafResult]) -> float | None:
    """Say what elements may be off anyway: nothing where the port as it is is no farther off.

    What it gave was found to be different by what was measured: then nothing else decides.
    """
    wrong = [one for one in results if not one.verdict.agrees]
    passes = (_leaf_agrees(one.leaf, one, OF_THE_LARGEST) for one in wrong)
    return None if wrong and all(passes) else OF_THE_LARGEST


def _leaf_agrees(leaf: Leaf, measured: LeafResult | None, of_the_largest: float | None) -> bool:
    if not leaf.compared:
        return True
    if leaf.mismatch:
        return False
    if is_large(leaf):
        return _large_agrees(leaf, measured, of_the_largest)
    apart = distance(leaf.octave, leaf.python)
    if not apart.unequal.any():
        return True
    if leaf.octave.dtype.kind not in "fc":
        return False
    enough = own_rounding(leaf.octave, of_the_largest)
    allowed = None if measured is None else measured.allowed
    if allowed is not None and allowed.shape == enough.shape:
        enough = np.maximum(enough, allowed)
    return bool(np.all(~apart.unequal | (apart.absolute <= enough)))


def _large_agrees(leaf: Leaf, measured: LeafResult | None, of_the_largest: float | None) -> bool:
    """Compare a large leaf block by block, to the first that does not agree."""
    is_floating = leaf.octave.dtype.kind in "fc"
    size = largest_number(leaf) if is_floating else 0.0

    def agrees(begin: int, octave: np.ndarray, python: np.ndarray) -> bool:
        apart = distance(octave, python)
        if not is_floating or not apart.unequal.any():
            return not apart.unequal.any()
        enough = np.zeros(octave.shape)
        if of_the_largest is not None:
            enough = np.maximum(own_rounding(octave), of_the_largest * size)
        if measured is not None and measured.places is not None and measured.allowed is not None:
            first, last = np.searchsorted(measured.places, [begin, begin + octave.size])
            here = measured.places[first:last] - begin
            enough[here] = np.maximum(enough[here], measured.allowed.ravel()[first:last])
        return bool(np.all(~apart.unequal | (apart.absolute <= enough)))

    return agree_everywhere(leaf.octave, leaf.python, agrees)


def own_rounding(octave: np.ndarray, of_the_largest: float | None = OF_THE_LARGEST) -> np.ndarray:
    """Return what each element may be off where nothing was measured."""
    if of_the_largest is None:
        return np.zeros(octave.shape)
    size = np.abs(octave)
    finite = size[np.isfinite(size)]
    largest = float(finite.max()) if finite.size else 0.0
    return np.maximum(
        ULPS * np.spacing(np.where(np.isfinite(size), size, 0.0)), of_the_largest * largest
    )
