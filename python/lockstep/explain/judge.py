"""Whether what a replay of the port returned agrees with Octave in every output.

May import `compare`.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from lockstep.compare.leaves import Leaf, distance

ULPS = 64.0
"""Ulps of its own that an element may be off where nothing else was measured."""

OF_THE_LARGEST = 2.0**-42
"""What a small element beside large ones may be off, as a part of the largest."""

Split = Callable[[Any], Sequence[tuple[str, Leaf]]]
"""Pairs what the port returned with Octave's outputs, leaf by leaf."""


def judge(
    split: Split, allowed: Mapping[str, np.ndarray], of_the_largest: float = OF_THE_LARGEST
) -> Callable[[Any], bool]:
    """Return a function that says whether a result of the port agrees with Octave.

    Parameters
    ----------
    split : callable
        Pairs the leaves of a result with those of Octave's outputs.
    allowed : mapping
        By leaf, the largest difference that is rounding, elementwise, as measured.
    of_the_largest : float
        What an element may be off anyway, as a part of the largest.
    """

    def agrees(result: Any) -> bool:
        try:
            found = split(result)
        except Exception:
            return False
        return bool(found) and all(
            _leaf_agrees(leaf, allowed.get(name), of_the_largest) for name, leaf in found
        )

    return agrees


def _leaf_agrees(leaf: Leaf, allowed: np.ndarray | None, of_the_largest: float) -> bool:
    if not leaf.compared:
        return True
    if leaf.mismatch:
        return False
    apart = distance(leaf.octave, leaf.python)
    if not apart.unequal.any():
        return True
    if leaf.octave.dtype.kind not in "fc":
        return False
    enough = own_rounding(leaf.octave, of_the_largest)
    if allowed is not None and allowed.shape == enough.shape:
        enough = np.maximum(enough, allowed)
    return bool(np.all(~apart.unequal | (apart.absolute <= enough)))


def own_rounding(octave: np.ndarray, of_the_largest: float = OF_THE_LARGEST) -> np.ndarray:
    """Return what each element may be off where nothing was measured."""
    size = np.abs(octave)
    finite = size[np.isfinite(size)]
    largest = float(finite.max()) if finite.size else 0.0
    return np.maximum(
        ULPS * np.spacing(np.where(np.isfinite(size), size, 0.0)), of_the_largest * largest
    )
