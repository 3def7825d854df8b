"""Results that are right up to a convention: an order, a sign, a base, a class, a side.

Such a result is not Octave's, and a caller that relies on Octave's is wrong with it, so it is
`different`; but the reason is said, once, and a case may allow it: ``Case(..., allow="class")``.
May import `distance`, `large` and `leaves`.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from lockstep.compare.distance import distance
from lockstep.compare.large import agree_everywhere
from lockstep.compare.leaves import Leaf, same_shape

MEANING = {
    "class": "the class",
    "zero-based": "the base of indices: 0 where Octave has 1",
    "transposed": "a transposition",
    "column signs": "the signs of columns",
    "column order": "the order of columns",
}
"""What a case may allow (see `lockstep.project.cases.CONVENTIONS`), in words."""

LARGE = 10**6
"""Elements of a leaf beyond which no order of columns is looked for."""

LOOKED_AT = 1000
"""Elements of a larger leaf that are looked at first."""

COLUMNS = 2000
"""Columns beyond which it is not looked for, either."""

CLOSE = 1e-6
"""How alike, relative to their size, two columns are that may stand for each other."""


def conventions(leaf: Leaf, agrees: Callable[[Leaf], bool] | None = None) -> list[str]:
    """Name the conventions each of which, alone, makes a leaf agree.

    Parameters
    ----------
    leaf : Leaf
        Both values.
    agrees : callable, optional
        Says whether a leaf agrees; by default to 64 ulps of its largest element.
    """
    found = ["class"] if leaf.class_note and (agrees or _agrees)(leaf) else []
    if not found:
        found = [one for one in candidates(leaf) if (agrees or _agrees)(apply(leaf, one))]
    return found


def candidates(leaf: Leaf) -> list[str]:
    """Name the conventions that a leaf's values may differ by, the class aside."""
    if not (isinstance(leaf.octave, np.ndarray) and isinstance(leaf.python, np.ndarray)):
        return []
    if leaf.octave.dtype.kind not in "biufc" or leaf.python.dtype.kind not in "biufc":
        return []
    if leaf.octave.size < 1:
        return []
    if leaf.mismatch:
        turned = leaf.python.T if leaf.python.ndim == 2 else leaf.python
        fits = leaf.python.ndim == 2 and same_shape(leaf.octave.shape, turned.shape)
        return ["transposed"] if fits else []
    tests = {
        "zero-based": _is_zero_based,
        "transposed": _is_transposed,
        "column signs": _has_other_signs,
        "column order": _has_other_order,
    }
    return [name for name, test in tests.items() if test(leaf.octave, leaf.python)]


def apply(leaf: Leaf, convention: str) -> Leaf:
    """Bring the port's value to Octave's convention."""
    octave, python = leaf.octave, leaf.python
    if convention == "class":
        return replace(leaf, class_note="")
    if not (isinstance(octave, np.ndarray) and isinstance(python, np.ndarray)):
        return leaf
    if convention == "transposed":
        turned = python.T if python.ndim == 2 else python
        if not same_shape(octave.shape, turned.shape):
            return leaf
        return replace(leaf, python=turned.reshape(octave.shape, order="F"), mismatch="")
    if leaf.mismatch or octave.shape != python.shape:
        return leaf
    if convention == "zero-based":
        return replace(leaf, python=python + python.dtype.type(1))
    if convention == "column signs":
        return replace(leaf, python=_with_signs(octave, python))
    return replace(leaf, python=_in_order(octave, python))


def _agrees(leaf: Leaf) -> bool:
    if leaf.mismatch:
        return False
    allowed = 0.0
    if leaf.octave.dtype.kind in "fc":
        sizes = np.abs(leaf.octave)
        allowed = 64 * np.spacing(np.max(sizes, where=np.isfinite(sizes), initial=0.0))

    def agrees(begin: int, octave: Any, python: Any) -> bool:
        apart = distance(octave, python)
        return bool(np.all(~apart.unequal | (apart.absolute <= allowed)))

    return agree_everywhere(leaf.octave, leaf.python, agrees)


def _is_zero_based(octave: Any, python: Any) -> bool:
    if octave.size > LARGE and not _is_zero_based(
        *(one.T.flat[:LOOKED_AT] for one in (octave, python))
    ):
        return False
    whole = all(bool(np.all(side == np.rint(side))) for side in (octave.real, python.real))
    return bool(whole and octave.dtype.kind != "b" and np.all(octave == python + 1.0))


def _is_transposed(octave: Any, python: Any) -> bool:
    return bool(octave.ndim == 2 and octave.shape[0] == octave.shape[1] > 1)


def _has_other_signs(octave: Any, python: Any) -> bool:
    """Whether some columns of a matrix, but nothing else, look turned round.

    In a vector, or where all of a matrix is turned round, it is a sign that is wrong.
    """
    if octave.dtype.kind not in "fc" or octave.ndim != 2 or python.dtype.kind not in "fc":
        return False
    if min(octave.shape) < 2:
        return False
    signs = _signs(octave, python)
    return bool(np.any(signs != 1) and not np.all(signs == signs[0]))


def _signs(octave: Any, python: Any) -> np.ndarray[Any, Any]:
    """Return what each column of the port is to be multiplied by: a sign, a phase if complex."""
    step = max(1, octave.size // LARGE)  # of a large matrix some rows tell as much
    octave, python = octave[::step], python[::step]
    with np.errstate(all="ignore"):
        along = np.sum(np.nan_to_num(octave) * np.conj(np.nan_to_num(python)), axis=0)
        if python.dtype.kind != "c":
            return np.asarray(np.where(along.real < 0, -1.0, 1.0))
        return np.asarray(np.where(along == 0, 1.0, along / np.abs(along)))


def _with_signs(octave: Any, python: Any) -> np.ndarray[Any, Any]:
    if octave.ndim != 2:
        return np.asarray(python)
    return np.asarray(python * _signs(octave, python).astype(python.dtype))


def _has_other_order(octave: Any, python: Any) -> bool:
    if octave.ndim != 2 or octave.size > LARGE or octave.dtype.kind == "b":
        return False
    if min(octave.shape) < 2:
        return False  # what a vector's elements are in another order of is another vector
    return _order(octave, python) is not None


def _order(octave: Any, python: Any) -> np.ndarray[Any, Any] | None:
    """Return which of the port's columns stands for each of Octave's; None if there is no order.

    The columns of a vector are its elements.
    """
    theirs, ours = (_columns(np.nan_to_num(side)) for side in (octave, python))
    size = max(float(np.max(np.abs(theirs))), float(np.max(np.abs(ours))))
    if ours.shape[1] > COLUMNS or _near(theirs, ours, size):
        return None
    if not _near(np.sort(theirs, axis=None), np.sort(ours, axis=None), size):
        return None
    left = list(range(ours.shape[1]))
    found = []
    for column in theirs.T:
        with np.errstate(all="ignore"):
            apart = np.max(np.abs(ours[:, left] - column[:, np.newaxis]), axis=0)
        best = int(np.argmin(apart))
        if not apart[best] <= CLOSE * size:
            return None
        found.append(left.pop(best))
    order = np.array(found)
    return None if np.array_equal(order, np.arange(len(order))) else order


def _near(a: Any, b: Any, size: float) -> bool:
    with np.errstate(all="ignore"):
        return bool(np.all(np.abs(a - b) <= CLOSE * size))


def _columns(values: Any) -> Any:
    return values.reshape(1, -1) if 1 in values.shape else values


def _in_order(octave: Any, python: Any) -> np.ndarray[Any, Any]:
    order = _order(octave, python)
    if order is None:
        return np.asarray(python)
    return np.asarray(_columns(python)[:, order].reshape(python.shape))
