"""What the cases of a pair are like: their kinds of arguments, sizes and values.

May import `project`, `places` and `relations`.
"""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from lockstep.fuzz.places import Form, Path, Place, elements, places, sizes
from lockstep.fuzz.relations import Relations, relations
from lockstep.project.cases import Case


@dataclass(frozen=True)
class Values:
    """What the numbers at a place are like, in all cases.

    Attributes
    ----------
    ranges : tuple of (float, float)
        The least and the largest finite one, case by case; of scalars, in all cases. Where
        measured numbers are all the same, from half to twice as large.
    whole : bool
        Whether all are whole numbers.
    rising : str
        "" or, of vectors, "sorted" or "strictly".
    symmetric : bool
        Whether all are square matrices equal to their transpose.
    bound : hashable or None
        The size that is the largest that may stand there: of labels, and of indices.
    """

    ranges: tuple[tuple[float, float], ...] = ()
    whole: bool = False
    rising: str = ""
    symmetric: bool = False
    bound: Hashable | None = None


@dataclass(frozen=True)
class Profile:
    """What cases of one kind are like.

    Attributes
    ----------
    cases : dict of str to Case
        The cases.
    places : tuple of Place
        The same in all of them.
    values : dict of Path to Values
        Of the places where numbers stand.
    sizes : Relations
        Of sizes, which are named by the path of their place and the axis, and of whole scalars,
        which are named by the path alone.
    seen : dict
        The least and the largest of each size.
    texts : dict of Path to list of str
        What stands at the places of texts.
    """

    cases: Mapping[str, Case]
    places: tuple[Place, ...]
    values: Mapping[Path, Values]
    sizes: Relations
    seen: Mapping[Hashable, tuple[int, int]]
    texts: Mapping[Path, Sequence[str]]


def profiles(cases: Mapping[str, Case]) -> list[Profile]:
    """Sort the cases of a pair by their kinds of arguments, and say what each kind is like.

    Cases that end in an error are left out: they are to be refused.
    """
    kinds: dict[Any, dict[str, Case]] = {}
    for name, case in cases.items():
        if case.raises is None and case.args:
            key = (tuple(place for place, _ in places(case.args)), case.nargout, len(case.args))
            kinds.setdefault(key, {})[name] = case
    return [
        _profile(alike, key[0])
        for key, alike in kinds.items()
        if any(place.form is not Form.FIXED for place in key[0])
    ]


def _profile(cases: Mapping[str, Case], kind: tuple[Place, ...]) -> Profile:
    columns = zip(
        *([value for _, value in places(case.args)] for case in cases.values()), strict=True
    )
    by_place = {place: list(column) for place, column in zip(kind, columns, strict=True)}
    observed = _observed(by_place)
    values = {
        place.path: _values(place, column, observed)
        for place, column in by_place.items()
        if place.is_number
    }
    found = relations(observed)
    used = {key for formula in found.formulas.values() for key in formula.keys}
    used |= {one.bound for one in values.values()}
    found.free = [key for key in found.free if _is_axis(key) or key in used]
    found.formulas = {
        key: formula for key, formula in found.formulas.items() if _is_axis(key) or formula.products
    }
    seen = {key: observed[key] for key in (*found.free, *found.formulas)}
    return Profile(
        cases,
        kind,
        values,
        found,
        {key: (min(sizes), max(sizes)) for key, sizes in seen.items()},
        {
            place.path: list(dict.fromkeys(column))
            for place, column in by_place.items()
            if place.form is Form.TEXT
        },
    )


def _is_axis(key: Any) -> bool:
    """Whether a size is that of an axis, and not a scalar."""
    return isinstance(key, tuple) and len(key) == 2 and isinstance(key[0], tuple)


def _observed(by_place: Mapping[Place, Sequence[Any]]) -> dict[Hashable, list[int]]:
    """Collect whole scalars, which may be sizes, then the sizes of the others."""
    found: dict[Hashable, list[int]] = {}
    for place, column in by_place.items():
        if place.form is Form.SCALAR and place.kind == "float64":
            numbers = [float(one) for one in column]
            if all(one.is_integer() and 0 <= one < 1e9 for one in numbers):
                found[place.path] = [int(one) for one in numbers]
    for place, column in by_place.items():
        if place.is_number and place.form is not Form.SCALAR:
            for axis, values in enumerate(zip(*map(sizes, column), strict=True)):
                found[place.path, axis] = list(values)
    return found


def _values(
    place: Place, column: Sequence[Any], observed: Mapping[Hashable, Sequence[int]]
) -> Values:
    arrays = [np.asarray(elements(value)) for value in column]
    numbers = [_finite(array) for array in arrays]
    whole = all(bool(np.all(one == np.rint(one))) for one in numbers)
    if place.form is Form.SCALAR:
        numbers = [np.concatenate(numbers)] * len(numbers)
    return Values(
        tuple(_range(one, whole) for one in numbers),
        whole,
        _rising(place, arrays),
        _symmetric(place, arrays),
        _bound(arrays, observed, place.path) if whole else None,
    )


def _range(numbers: np.ndarray[Any, Any], whole: bool) -> tuple[float, float]:
    if not numbers.size:
        return 0.0, 1.0
    low, high = float(numbers.min()), float(numbers.max())
    if whole or low < high:
        return low, high
    return min(low / 2, low * 2), max(low / 2, low * 2)


def _finite(array: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    parts = [array.real, array.imag] if np.iscomplexobj(array) else [array]
    numbers = np.concatenate([part.astype(np.float64).ravel() for part in parts])
    return np.asarray(numbers[np.isfinite(numbers)])


def _rising(place: Place, arrays: Sequence[np.ndarray[Any, Any]]) -> str:
    if place.form not in (Form.ROW, Form.COLUMN) or max(map(np.size, arrays)) < 3:
        return ""
    if any(np.iscomplexobj(one) or not np.all(np.isfinite(one)) for one in arrays):
        return ""
    steps = [np.diff(one.astype(np.float64)) for one in arrays]
    if all(np.all(one > 0) for one in steps):
        return "strictly"
    return "sorted" if all(np.all(one >= 0) for one in steps) else ""


def _symmetric(place: Place, arrays: Sequence[np.ndarray[Any, Any]]) -> bool:
    if place.form is not Form.MATRIX or max(map(len, arrays)) < 2:
        return False
    return all(
        one.shape[0] == one.shape[1]
        and np.array_equal(one, one.T, equal_nan=one.dtype.kind in "fc")
        for one in arrays
    )


def _bound(
    arrays: Sequence[np.ndarray[Any, Any]],
    observed: Mapping[Hashable, Sequence[int]],
    path: Path,
) -> Hashable | None:
    """Return the size that whole numbers from 1 on never pass, and reach in half of the cases."""
    if any(one.size == 0 or one.dtype.kind not in "fiu" or one.min() < 1 for one in arrays):
        return None
    highest = [float(one.max()) for one in arrays]
    found: dict[Hashable, tuple[int, int]] = {}
    for key, values in observed.items():
        own = key == path or (_is_axis(key) and key[0] == path)  # type: ignore[index]
        if own or max(values) < 2 or any(a > b for a, b in zip(highest, values, strict=True)):
            continue
        reached = sum(a == b for a, b in zip(highest, values, strict=True))
        if 2 * reached >= len(values):
            found[key] = (-reached, sum(values))
    return min(found, key=lambda key: found[key], default=None)
