"""Along which axis the numbers that a library gives depend on each other.

What it adds up inside is off by ulps of the largest of these, and of no other. Imports nothing of
the package.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

PLACES = {"fft": 2, "ifft": 2, "rfft": 2, "irfft": 2, "lfilter": 3, "detrend": 1}
"""Functions of one axis, the last by default, and which of their arguments it is."""

SOLVING = frozenset(["solve", "lstsq", "solve_triangular"])
"""Functions that work on each column of their second argument."""


def mixed_axis(name: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> int | None:
    """Return the axis along which a function mixes numbers; None where it may mix all."""
    if name in PLACES:
        place = PLACES[name]
        axis = kwargs.get("axis", args[place] if len(args) > place else -1)
        return axis if isinstance(axis, int) else None
    if name in SOLVING and len(args) > 1 and np.ndim(args[1]) > 1:
        return -2
    return None


def reduced_axis(args: Sequence[Any], kwargs: Mapping[str, Any]) -> int | None:
    """Return the axis over which a function gives one number each; None where that is not said."""
    axis = kwargs.get("axis", args[1] if len(args) > 1 else None)
    return axis if isinstance(axis, int) else None


def largest_along(sizes: Any, axis: int | None) -> Any:
    """Return the largest of the finite sizes along an axis, in the shape that fits beside them."""
    if axis is None or not -sizes.ndim <= axis < sizes.ndim:
        return np.max(sizes, where=np.isfinite(sizes), initial=0.0)
    return np.max(sizes, axis=axis, where=np.isfinite(sizes), initial=0.0, keepdims=True)


def is_of_neighbours(inputs: tuple[Any, ...], kwargs: Any) -> bool:
    """Whether each number of a diff is the difference of two of those that it is given.

    Parameters
    ----------
    inputs, kwargs : tuple, mapping
        What the diff is given.
    """
    order = inputs[1] if len(inputs) > 1 else kwargs.get("n", 1)
    return bool(order == 1) and not {"prepend", "append"}.intersection(kwargs)
