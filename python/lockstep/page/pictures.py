"""Two values as a browser draws them: a number, a line, or a map, and how far they are apart.

A large array is thinned: it is cut into blocks, and each is drawn as its one element that differs
most, so that no difference is lost. Distances are in rounding floors, as in the table of a run. May
import `compare`, `explain`, `model` and `plain`.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from lockstep.compare.distance import distance
from lockstep.compare.floor import MARGIN
from lockstep.compare.leaves import leaves
from lockstep.explain.judge import own_rounding
from lockstep.explain.tracing import Relation, Row
from lockstep.model.changed import whole
from lockstep.model.values import octave_class, octave_index, python_index, size_text
from lockstep.reports.plain import number_data

Array = np.ndarray[Any, Any]

MOST_CELLS = 1600
"""Cells that an array is drawn with at most."""

EXACT_CELLS = 100
"""Elements of an array that are written at full precision; those of a larger one are rounded."""

SHOWN_WORST = 5
"""Elements that differ most and are listed with both values."""


@dataclass(frozen=True)
class _Both:
    """Two arrays of one size, and how far they are apart in floors; `apart` may be unknown."""

    octave: Array
    port: Array
    apart: Array | None
    port_shape: tuple[int, ...]


def picture(row: Row, most: int = MOST_CELLS) -> dict[str, Any] | None:
    """Draw what both sides gave in a step.

    Parameters
    ----------
    row : Row
        A step with both sides.
    most : int
        Cells at most.

    Returns
    -------
    dict or None
        None where the two are no numbers, or have no common size.
    """
    both = _both(row)
    if both is None or both.octave.size == 0:
        return None
    flat = _flat(both.octave), _flat(both.port)
    apart = None if both.apart is None else _flat(both.apart)
    rows, columns = _cells(flat[0].shape, most)
    places = _places(flat[0].shape, rows, columns, apart)
    exact = flat[0].size <= EXACT_CELLS
    drawn = [_drawn(values.ravel()[places], exact) for values in flat]
    finite = np.concatenate([_real(values)[np.isfinite(_real(values))] for values in flat])
    found = {
        "size": size_text(both.octave.shape),
        "class": octave_class(both.octave),
        "rows": rows,
        "columns": columns,
        "thinned": flat[0].size > rows * columns,
        "octave": drawn[0],
        "port": None if drawn[0] == drawn[1] else drawn[1],
        "range": [number_data(float(end)) for end in (finite.min(), finite.max())]
        if finite.size
        else [0, 0],
        "apart": None,
    }
    if apart is not None and (apart > 0).any():
        found["apart"] = [_short(float(one)) for one in apart.ravel()[places]]
        found["beyond"] = int((apart > MARGIN).sum())
        found["differing"] = int((apart > 0).sum())
        found["worst"] = list(_worst(both))
    return found


def _both(row: Row) -> _Both | None:
    assert row.octave is not None
    assert row.port is not None
    try:
        found = list(leaves(whole(row.octave.value), whole(row.port.value)))
    except Exception:  # a class that has no counterpart; the row says so
        return None
    if len(found) != 1 or found[0].path or found[0].mismatch or not found[0].compared:
        return None
    leaf = found[0]
    if not all(_is_numeric(one) and one.size for one in (leaf.octave, leaf.python)):
        return None
    apart = None
    if row.relation in (Relation.SAME, Relation.ROUNDING, Relation.DIFFERENT):
        apart = _in_floors(leaf.octave, leaf.python, row.spread)
    return _Both(leaf.octave, leaf.python, apart, leaf.python_shape)


def _is_numeric(value: Any) -> bool:
    return isinstance(value, np.ndarray) and value.dtype.kind in "biufc"


def _in_floors(octave: Array, port: Array, spread: Array | None) -> Array:
    """Say how many floors each element is off; what is no number of one class is infinitely far."""
    apart = distance(octave, port)
    if octave.dtype.kind not in "fc":
        return np.where(apart.unequal, np.inf, 0.0)
    with np.errstate(all="ignore"):
        floor = own_rounding(octave) / MARGIN
        if spread is not None and spread.size == floor.size:
            floor = np.maximum(floor, spread.reshape(floor.shape, order="F"))
        times = np.nan_to_num(apart.absolute / floor, nan=np.inf, posinf=np.inf)
    return np.where(apart.unequal, times, 0.0)


def _flat(values: Array) -> Array:
    """Lay an array out in two dimensions; a vector as a row."""
    if (values.ndim <= 2 and 1 in values.shape) or values.ndim < 2:
        return values.reshape((1, -1), order="F")
    return values.reshape((values.shape[0], -1), order="F")


def _cells(shape: tuple[int, ...], most: int) -> tuple[int, int]:
    """Say how many rows and columns are drawn of so many, both thinned alike where they are."""
    rows, columns = shape
    if rows * columns <= most:
        return rows, columns
    side = math.isqrt(most)
    if rows <= side:
        return rows, min(columns, most // rows)
    if columns <= side:
        return min(rows, most // columns), columns
    return side, side


def _places(shape: tuple[int, ...], rows: int, columns: int, apart: Array | None) -> list[int]:
    """Choose the element that is drawn of each block: the one that differs most, or the first."""
    places = np.arange(shape[0] * shape[1]).reshape(shape)
    if (rows, columns) == shape:
        return [int(one) for one in places.ravel()]
    top = np.linspace(0, shape[0], rows + 1).astype(int)
    left = np.linspace(0, shape[1], columns + 1).astype(int)
    found = []
    for i in range(rows):
        for j in range(columns):
            block = np.s_[top[i] : top[i + 1], left[j] : left[j + 1]]
            worst = 0 if apart is None else int(np.argmax(apart[block]))
            found.append(int(places[block].ravel()[worst]))
    return found


def _real(values: Array) -> Array:
    """Return what is drawn of numbers: of complex ones the modulus."""
    return np.abs(values) if values.dtype.kind == "c" else values.astype(float)


def _drawn(values: Array, exact: bool) -> list[Any]:
    if values.dtype.kind == "c":
        values = np.abs(values)
    return [number_data(one) if exact else _short(one.item()) for one in values]


def _short(value: Any) -> Any:
    """Write a number with five digits, which a picture does not show."""
    if isinstance(value, float) and math.isfinite(value):
        value = float(f"{value:.5g}")
        return int(value) if value.is_integer() and abs(value) < 1e15 else value
    return number_data(value)


def _worst(both: _Both) -> Iterator[dict[str, Any]]:
    """Yield the elements that differ most, with their places in both notations."""
    assert both.apart is not None
    order = np.argsort(-both.apart.ravel(), kind="stable")[:SHOWN_WORST]
    for place in order:
        index = tuple(int(i) for i in np.unravel_index(place, both.apart.shape))
        if both.apart[index] > 0:
            yield {
                "octave_index": octave_index(index, both.octave.shape),
                "python_index": python_index(index, both.port_shape),
                "octave": number_data(both.octave[index]),
                "python": number_data(both.port[index]),
                "floors": _short(float(both.apart[index])),
            }
