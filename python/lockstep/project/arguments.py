"""What Octave gave as an argument of a case: in the form that a person would write it in.

May import `values` and `cases`.
"""

import re
from collections.abc import Container, Mapping
from typing import Any

import numpy as np

from lockstep.model.values import Handle, Map, Opaque, Row, StructArray, is_sparse
from lockstep.project.cases import Function

SAME_IN_NUMPY = frozenset(
    ("sin", "cos", "tan", "sinh", "cosh", "tanh", "exp", "expm1", "log", "log2", "log10", "log1p")
).union(("sqrt", "abs", "sign", "floor", "ceil"))
"""Functions that NumPy has under Octave's names."""

_NAME = r"[A-Za-z]\w*"
_PARTIAL = re.compile(
    rf"@\s*\((?P<own>(?:{_NAME}(?:\s*,\s*{_NAME})*)?)\)\s*(?P<pair>{_NAME})\s*\((?P<given>[^()]*)\)"
)


class NoArgumentError(ValueError):
    """A value cannot be the argument of a case; the message says why."""


def as_argument(value: Any, pairs: Container[str] = ()) -> Any:
    """Return the argument of a case that becomes a value of Octave again.

    Parameters
    ----------
    value : Any
        As `lockstep.model.values.decode` gives it: 1 x 1 becomes a scalar (a whole double an int),
        a column a 1-D array, a row a `Row`, a cell vector a list.
    pairs : container of str
        Names of pairs: a handle of one is a `Function`, also one that gives it further arguments,
        as ``@(p) cost (p, X, y)`` does.

    Raises
    ------
    NoArgumentError
        If there is none: handles of other functions, objects.
    """
    if isinstance(value, str) or is_sparse(value):
        return value
    if isinstance(value, Handle):
        return _function(value, pairs)
    if isinstance(value, Mapping):
        return {name: as_argument(item, pairs) for name, item in value.items()}
    if isinstance(value, (Opaque, StructArray, Map)):
        kind = {StructArray: "struct array", Map: "containers.Map"}.get(type(value))
        kind = kind or getattr(value, "octave_class", "")
        raise NoArgumentError(f"a value of class {kind} cannot be sent to Octave")
    if value.dtype == object:
        return _cell(value, pairs)
    if value.dtype.kind == "U":
        return np.array(["".join(line) for line in value])
    if value.dtype == np.int64:
        raise NoArgumentError("a value of class int64 would reach Octave as a double")
    return _array(value)


def _cell(value: np.ndarray[Any, Any], pairs: Container[str]) -> Any:
    items = [as_argument(item, pairs) for item in value.ravel(order="F")]
    if value.ndim == 2 and ((items and value.shape[0] == 1) or value.shape == (0, 0)):
        return items
    cell = np.empty(len(items), dtype=object)
    for place, item in enumerate(items):
        cell[place] = item
    return cell.reshape(value.shape, order="F")


def _array(value: np.ndarray[Any, Any]) -> Any:
    if value.size == 1:
        return _scalar(value.ravel()[0])
    if value.ndim != 2 or not value.size:
        return value
    if value.shape[0] == 1:
        return Row(value.ravel())
    return value.ravel() if value.shape[1] == 1 else value


def _scalar(value: Any) -> Any:
    if value.dtype.name not in ("float64", "complex128", "bool"):
        return value
    plain = value.item()
    is_whole = isinstance(plain, float) and plain.is_integer() and abs(plain) < 2**53
    return int(plain) if is_whole and np.copysign(1, plain) + abs(plain) >= 0 else plain


def _function(handle: Handle, pairs: Container[str]) -> Function:
    name = handle.text.removeprefix("@")
    if re.fullmatch(rf"{_NAME}(\.{_NAME})*", name) and name in pairs:
        return Function(name)
    if name in SAME_IN_NUMPY:
        return Function(octave=f"@{name}", python=getattr(np, name))
    found = _PARTIAL.fullmatch(handle.text)
    if found is not None and found["pair"] in pairs:
        own = re.findall(_NAME, found["own"])
        given = [one.strip() for one in found["given"].split(",")]
        bound = given[len(own) :]
        if given[: len(own)] == own and all(one in handle.variables for one in bound):
            return Function(
                found["pair"], *(as_argument(handle.variables[one], pairs) for one in bound)
            )
    raise NoArgumentError(
        f"a function handle, {handle.text}: write Function(octave={handle.text!r}, python=...)"
    )
