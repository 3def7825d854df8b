"""Values from Octave as the text of a cases file: literals where they are small, else arrays kept.

May import `values`.
"""

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from lockstep.model.values import Handle, Opaque, StructArray, is_sparse

SMALL = 40
"""Elements of an array that is written out."""


SAME_IN_NUMPY = frozenset(
    ("sin", "cos", "tan", "sinh", "cosh", "tanh", "exp", "expm1", "log", "log2", "log10", "log1p")
).union(("sqrt", "abs", "sign", "floor", "ceil"))
"""Functions that NumPy has under Octave's names."""


class NoLiteralError(ValueError):
    """A value cannot be written in Python; the message says why."""


class Literals:
    """Writes values; keeps the arrays that are too large for text.

    Attributes
    ----------
    arrays : dict
        The arrays by the keys that the text refers to, as ``data["KEY"]``.
    """

    def __init__(self) -> None:
        self.arrays: dict[str, np.ndarray[Any, Any]] = {}

    def text(self, value: Any) -> str:
        """Write a decoded value as the argument of a case.

        Raises
        ------
        NoLiteralError
            If it has no text: a function handle, an object.
        """
        if isinstance(value, str):
            return repr(value)
        if isinstance(value, Handle):
            return _handle(value.text)
        if isinstance(value, Mapping):
            fields = (f"{name!r}: {self.text(item)}" for name, item in value.items())
            return "{" + ", ".join(fields) + "}"
        if isinstance(value, (Opaque, StructArray)):
            kind = "struct array" if isinstance(value, StructArray) else value.octave_class
            raise NoLiteralError(f"a value of class {kind} cannot be sent to Octave")
        if is_sparse(value):
            return f"csc_array({self._array(np.asarray(value.toarray()), matrix=True)})"
        if value.dtype == object:
            if 1 not in value.shape and value.size:
                raise NoLiteralError("a cell matrix")
            items = [self.text(item) for item in value.ravel(order="F")]
            return f"[{', '.join(items)}]"
        if value.dtype.kind == "U":
            return f"np.array({[''.join(line) for line in value]!r})"
        return self._array(value)

    def _array(self, value: np.ndarray[Any, Any], matrix: bool = False) -> str:
        if value.size == 1 and not matrix:
            return _scalar(value.ravel()[0])
        if value.size == 0:
            return f"np.zeros({value.shape})"
        is_row = value.ndim == 2 and value.shape[0] == 1 and not matrix
        is_vector = value.ndim == 2 and 1 in value.shape and not matrix
        array = value.ravel() if is_vector else value
        if array.size > SMALL or array.ndim > 2:
            key = f"a{len(self.arrays)}"
            self.arrays[key] = np.ascontiguousarray(array)
            text = f'data["{key}"]'
        else:
            kind = "" if array.dtype.name in ("float64", "complex128", "bool") else _dtype(array)
            text = f"np.array({_nested(array)}{kind})"
        if is_row and text.startswith("np.array(") and text.endswith("])"):
            text = text.removeprefix("np.array(").removesuffix(")")
        return f"row({text})" if is_row else text


def _handle(text: str) -> str:
    """Write a handle of a function that NumPy has under the same name."""
    name = text.removeprefix("@")
    if name not in SAME_IN_NUMPY:
        raise NoLiteralError(
            f"a function handle, {text}: write Function(octave={text!r}, python=...)"
        )
    return f'Function(octave="@{name}", python=np.{name})'


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
    """Write a scalar; a whole double as an int, which is a double in Octave too."""
    if value.dtype == np.float64:
        whole = math.isfinite(value) and value == np.rint(value) and abs(value) < 2**53
        is_negative_zero = value == 0 and math.copysign(1, value) < 0
        return repr(int(value)) if whole and not is_negative_zero else _float(value.item())
    if value.dtype.name in ("complex128", "bool"):
        return _number(value)
    return f"np.{value.dtype.name}({_number(value)})"
