"""The places of the arguments of a case that can be given other values, and what stands there.

May import `values` and `cases`.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np

from lockstep.model.values import Row, is_sparse

Path = tuple[int | str, ...]
"""Where a place is: the argument's number from 0, then indices and keys in it."""


class Form(StrEnum):
    """What stands at a place."""

    SCALAR = "scalar"
    COLUMN = "column"
    ROW = "row"
    MATRIX = "matrix"
    ARRAY = "array"
    """With more than two axes."""
    SPARSE = "sparse matrix"
    TEXT = "text"
    FIXED = "fixed"
    """Something that is taken from a case as it is: a function, None."""


@dataclass(frozen=True)
class Place:
    """A place, and what kind of value stands there.

    Attributes
    ----------
    path : tuple
        Where it is.
    form : Form
        What it is.
    kind : str
        Class of its elements: that of NumPy, or of a fixed value the name of its type.
    axes : int
        How many axes it has.
    """

    path: Path
    form: Form
    kind: str
    axes: int = 0

    @property
    def is_number(self) -> bool:
        """Whether numbers stand there."""
        return self.form not in (Form.TEXT, Form.FIXED)


def places(args: Sequence[Any]) -> list[tuple[Place, Any]]:
    """List the places of some arguments, in order, with what stands there."""
    return [(_place(path, value), value) for path, value in _leaves(list(args), ())]


def _leaves(value: Any, path: Path) -> Iterator[tuple[Path, Any]]:
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield from _leaves(item, (*path, key))
    elif isinstance(value, (list, tuple)):
        for i, item in enumerate(value):
            yield from _leaves(item, (*path, i))
    else:
        yield path, value


def _place(path: Path, value: Any) -> Place:
    if isinstance(value, str):
        return Place(path, Form.TEXT, "str")
    if is_sparse(value):
        return Place(path, Form.SPARSE, value.dtype.name, 2)
    array = elements(value)
    if array is None or array.dtype.kind not in "fciub":
        return Place(path, Form.FIXED, type(value).__name__)
    if isinstance(value, Row):
        return Place(path, Form.ROW, array.dtype.name, 1)
    form = (Form.SCALAR, Form.COLUMN, Form.MATRIX, Form.ARRAY)[min(array.ndim, 3)]
    return Place(path, form, array.dtype.name, array.ndim)


def elements(value: Any) -> np.ndarray[Any, Any] | None:
    """Return the numbers of a value as an array; None where it holds none."""
    if isinstance(value, Row):
        return np.asarray(value.vector)
    if is_sparse(value):
        return np.asarray(value.toarray())
    if isinstance(value, (bool, float, complex, np.ndarray, np.generic)):
        return np.asarray(value)
    if isinstance(value, int):
        return np.asarray(float(value))  # a double in Octave
    return None


def sizes(value: Any) -> tuple[int, ...]:
    """Return the sizes of a value along the axes that its form has: none of a scalar."""
    array = elements(value)
    return () if array is None else array.shape


def replaced(args: Sequence[Any], values: Mapping[Path, Any]) -> tuple[Any, ...]:
    """Return arguments with other values at some places."""
    return tuple(_replaced(one, values, (i,)) for i, one in enumerate(args))


def _replaced(value: Any, values: Mapping[Path, Any], path: Path) -> Any:
    if path in values:
        return values[path]
    if isinstance(value, Mapping):
        return {key: _replaced(item, values, (*path, key)) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return type(value)([_replaced(item, values, (*path, i)) for i, item in enumerate(value)])
    return value


def mapped(args: Sequence[Any], change: Callable[[Path, Any], Any]) -> tuple[Any, ...]:
    """Return arguments with each value changed by where it is, and what it is."""
    found = places(args)
    return replaced(args, {place.path: change(place.path, value) for place, value in found})
