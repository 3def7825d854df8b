"""Arguments of a case as the text of a cases file: literals where they are small, else arrays kept.

May import `values`, `cases` and `arguments`.
"""

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from lockstep.model.values import Row, is_sparse
from lockstep.project.arguments import NoArgumentError
from lockstep.project.cases import Function

SMALL = 40
"""Elements of an array with up to two axes that a cases file has in its text."""


class Literals:
    """Writes arguments; keeps the arrays that are too large for text.

    Parameters
    ----------
    most : int
        Elements of an array that is written out.

    Attributes
    ----------
    arrays : dict
        The arrays by the keys that the text refers to, as ``data["KEY"]``.
    """

    def __init__(self, most: int = SMALL) -> None:
        self._most = most
        self.arrays: dict[str, np.ndarray[Any, Any]] = {}

    def text(self, value: Any) -> str:
        """Write the argument of a case.

        Raises
        ------
        NoArgumentError
            If it has no text: a Python function without a name in NumPy.
        """
        if value is None or isinstance(value, (str, bool, int)):
            return repr(value)
        if isinstance(value, Function):
            return self._function(value)
        if isinstance(value, Mapping):
            fields = (f"{name!r}: {self.text(item)}" for name, item in value.items())
            return "{" + ", ".join(fields) + "}"
        if isinstance(value, (list, tuple)):
            items = ", ".join(map(self.text, value))
            return (
                f"[{items}]" if isinstance(value, list) else f"({items}{',' * (len(value) == 1)})"
            )
        if is_sparse(value):
            return f"csc_array({self._array(np.asarray(value.toarray()))})"
        if isinstance(value, Row):
            text = self._array(np.asarray(value.vector))
            if text.startswith("np.array(") and text.endswith("])"):
                text = text.removeprefix("np.array(").removesuffix(")")
            return f"row({text})"
        if isinstance(value, np.ndarray) and value.dtype == object:
            return self._cell(value)
        if isinstance(value, np.ndarray) and value.ndim:
            return self._array(value)
        return _scalar(np.asarray(value))

    def _array(self, value: np.ndarray[Any, Any]) -> str:
        if value.dtype.kind == "U":
            return f"np.array({value.tolist()!r})"
        kind = "" if value.dtype.name in ("float64", "complex128", "bool") else _dtype(value)
        if value.size == 0:
            return f"np.zeros({value.shape}{_dtype(value) if value.dtype != np.float64 else ''})"
        if value.size > self._most or (value.ndim > 2 and self._most == SMALL):
            key = f"a{len(self.arrays)}"
            self.arrays[key] = np.ascontiguousarray(value)
            return f'data["{key}"]'
        return f"np.array({_nested(value)}{kind})"

    def _cell(self, value: np.ndarray[Any, Any]) -> str:
        """Write a cell that is no row; NumPy takes lists of texts and numbers for its elements."""
        if not value.size:
            return f"np.zeros({value.shape}, dtype=object)"
        items = [self.text(item) for item in value.ravel(order="F")]
        if all(isinstance(item, (str, bool, int, float, complex)) for item in value.ravel()):
            lines = np.array(items, dtype=object).reshape(value.shape, order="F")
            text = ", ".join(f"[{', '.join(line)}]" for line in lines)
            return f"np.array([{text}], dtype=object)"
        if 1 not in value.shape:
            raise NoArgumentError("a cell matrix")
        return f"[{', '.join(items)}]"

    def _function(self, function: Function) -> str:
        if function.pair is not None:
            return f"Function({', '.join([repr(function.pair), *map(self.text, function.bound)])})"
        name = getattr(function.python, "__name__", "")
        if function.python is not getattr(np, name, None) or function.variables:
            raise NoArgumentError(
                f"a function handle, {function.octave}, whose Python side is code"
            )
        return f'Function(octave="{function.octave}", python=np.{name})'


def _dtype(array: np.ndarray[Any, Any]) -> str:
    return f", dtype=np.{array.dtype.name}"


def _nested(array: np.ndarray[Any, Any]) -> str:
    if array.ndim == 1:
        return f"[{', '.join(_number(one) for one in array)}]"
    return f"[{', '.join(map(_nested, array))}]"


def _number(value: Any) -> str:
    plain = value.item()
    if isinstance(plain, complex):
        if not (math.isfinite(plain.real) and math.isfinite(plain.imag)):
            return f"complex({_float(plain.real)}, {_float(plain.imag)})"
        return repr(plain)
    return _float(plain) if isinstance(plain, float) else repr(plain)


def _float(value: float) -> str:
    if math.isnan(value):
        return "np.nan"
    return repr(value) if math.isfinite(value) else ("np.inf" if value > 0 else "-np.inf")


def _scalar(value: Any) -> str:
    if value.dtype.name in ("float64", "complex128", "bool"):
        return _number(value)
    return f"np.{value.dtype.name}({_number(value)})"
