"""Values on their way between the two languages, through MAT files and back, bit for bit.

`encode` turns a Python value into what SciPy writes and Octave's helper `lockstep_decode_`
understands; `decode` turns what `lockstep_encode_` wrote into a Python value that keeps Octave's
class and size. May import NumPy and SciPy only.

======================  ============================  ==============================
Octave                  as decoded                    as an argument
======================  ============================  ==============================
double, single          float64, float32, 2-D or N-D  float, int, arrays of them
complex                 complex128, complex64         complex, arrays
int8 ... uint64         the same dtype                NumPy integers but int64
logical                 bool                          bool, arrays
char, one row           str                           str
char, several rows      array of dtype U1, 2-D        array of strings
cell                    object array, 2-D             list, tuple, object array
struct, 1 x 1           dict                          dict
struct array            StructArray                   (not sent)
containers.Map          Map                           (not sent)
sparse                  csc_array                     any sparse array
function handle         Handle                        Function (see lockstep.project.cases)
[]                      float64, 0 x 0                None
======================  ============================  ==============================
"""

import math
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

KIND = "lockstep_kind_"
"""Field that marks a struct as the stand-in of a value that MAT files cannot hold."""


@dataclass(frozen=True)
class Handle:
    """An Octave function handle: its text, as func2str gives it, and what it captured if known."""

    text: str
    variables: Mapping[str, Any] = field(default_factory=dict, compare=False)


@dataclass(frozen=True)
class StructArray:
    """An Octave struct array: its size and its structs, column by column."""

    shape: tuple[int, ...]
    items: tuple[dict[str, Any], ...]


@dataclass(frozen=True)
class Map:
    """A containers.Map: its values by its keys, which are texts or numbers."""

    items: Mapping[Any, Any]


@dataclass(frozen=True)
class Opaque:
    """An Octave value of a class that cannot leave Octave, such as an object."""

    octave_class: str
    text: str


@dataclass(frozen=True)
class Row:
    """A 1-D array that is a row vector in Octave, where plain 1-D arrays are columns."""

    vector: np.ndarray[Any, Any]


@dataclass(frozen=True)
class OctaveFunction:
    """A function handle to be made in Octave: its text and the variables that it captures."""

    text: str
    variables: Mapping[str, Any]


def handle_texts(value: Any) -> Iterator[str]:
    """Yield the texts of the function handles that a value to be sent holds."""
    if isinstance(value, OctaveFunction):
        yield value.text
        yield from handle_texts(value.variables)
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from handle_texts(item)
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from handle_texts(item)


_FIELD = re.compile("[A-Za-z][A-Za-z0-9_]{0,62}")
"""What MAT files allow as the name of a field."""


class UnsupportedValueError(TypeError):
    """A Python value has no counterpart in Octave."""


def encode(value: Any) -> Any:
    """Return what `scipy.io.savemat` must write for Octave to read `value`.

    Parameters
    ----------
    value : Any
        A value of the right column of this module's table, nested at will.

    Raises
    ------
    UnsupportedValueError
        If the value has no counterpart in Octave; the message names its type.
    """
    if value is None:
        return np.zeros((0, 0))
    if isinstance(value, Row):
        return encode(np.asarray(value.vector)[np.newaxis, :])
    if isinstance(value, OctaveFunction):
        names = list(value.variables)
        return {
            KIND: "function",
            "text": value.text,
            "names": encode(names),
            "values": encode([value.variables[name] for name in names]),
        }
    if isinstance(value, str):
        return _encode_char(value)
    if isinstance(value, Mapping):
        return _encode_struct(value)
    if isinstance(value, (list, tuple)):
        shape = (1, len(value)) if value else (0, 0)  # {} is no row
        return _cell([encode(item) for item in value], shape)
    if is_sparse(value):
        return _encode_sparse(value)
    if type(value) is int:
        return _encode_array(float(value))  # also beyond 64 bits
    return _encode_array(value)


def _encode_char(text: str) -> Any:
    if text.isascii() and "\0" not in text:
        return text
    octets = np.frombuffer(text.encode(errors="surrogateescape"), np.uint8)
    return {KIND: "char", "bytes": octets[np.newaxis, :]}


def _encode_sparse(value: Any) -> dict[str, Any]:
    """Stand in for a sparse array: SciPy's MAT files would make logical ones double."""
    from scipy.sparse import find  # here and below: the command itself needs no SciPy

    i, j, elements = find(value)
    if elements.dtype.kind in "iu":
        elements = elements.astype(np.float64)  # Octave has sparse double and logical only
    numbers = {"i": i + 1.0, "j": j + 1.0, "m": value.shape[0], "n": value.shape[1]}
    return {KIND: "sparse", **{k: encode(v) for k, v in numbers.items()}, "x": encode(elements)}


def _encode_struct(value: Mapping[Any, Any]) -> dict[str, Any]:
    for name in value:
        if not (isinstance(name, str) and _FIELD.fullmatch(name)):
            raise UnsupportedValueError(f"{name!r} cannot be the name of a field in Octave")
    if not value:
        return {KIND: "empty struct"}
    if KIND in value:  # data that looks like one of our stand-ins is data
        return {KIND: "struct", "names": encode(list(value)), "values": encode([*value.values()])}
    return {name: encode(item) for name, item in value.items()}


def _encode_array(value: Any) -> Any:
    array = np.asarray(value)
    if array.dtype == object and isinstance(value, np.ndarray):
        shape = array.shape if array.ndim > 1 else (1, array.size)
        return _cell([encode(item) for item in array.ravel(order="F")], shape)
    if array.dtype.kind == "U":
        return array
    if array.dtype == np.int64:
        array = array.astype(np.float64)
    if array.dtype.kind not in "fciub" or array.dtype.itemsize > 16 or array.dtype == np.float16:
        raise UnsupportedValueError(
            f"a value of type {type(value).__name__} ({array.dtype}) has no counterpart in Octave"
        )
    if array.dtype.name in ("longdouble", "float128"):
        raise UnsupportedValueError("Octave has no extended precision; pass float64")
    if array.ndim == 1:
        array = array[:, np.newaxis]
    if array.dtype.kind == "c":
        return {KIND: "complex", "re": array.real, "im": array.imag}
    return array


def _cell(items: list[Any], shape: tuple[int, ...]) -> np.ndarray[Any, Any]:
    cell = np.empty(len(items), dtype=object)
    for i, item in enumerate(items):
        cell[i] = item
    return cell.reshape(shape, order="F")


def decode(data: Any) -> Any:
    """Return the Python value for what `lockstep_encode_` wrote and `loadmat` read."""
    if data.dtype.names is not None:
        return _decode_struct(data)
    if data.dtype == object:
        return _cell([decode(item) for item in data.ravel(order="F")], data.shape)
    return np.asfortranarray(data)


def _decode_struct(data: Any) -> Any:
    if data.size == 0:
        return StructArray(data.shape, ())
    record = data.ravel()[0]
    fields = {name: record[name] for name in data.dtype.names}
    if KIND not in fields:
        return {name: decode(item) for name, item in fields.items()}
    kind = _text(fields.pop(KIND))
    if kind == "char":
        return _decode_char(fields["bytes"])
    if kind == "function_handle":
        return Handle(decode(fields["text"]))
    if kind == "complex":
        return _complex(fields["re"], fields["im"])
    if kind == "sparse":
        from scipy.sparse import csc_array

        i, j, m, n = (fields[name].ravel().astype(int) for name in "ijmn")
        elements = np.ravel(decode(fields["x"]))
        return csc_array((elements, (i - 1, j - 1)), shape=(m[0], n[0]))
    if kind == "empty struct":
        return {}
    if kind == "struct":
        names = [_text(name) for name in fields["names"].ravel()]
        return dict(zip(names, map(decode, fields["values"].ravel()), strict=True))
    if kind == "struct array":
        shape = tuple(int(n) for n in fields["size"].ravel())
        items = fields["items"].ravel(order="F")
        return StructArray(shape, tuple(decode(item) for item in items))
    if kind == "map":
        keys = [_map_key(decode(key)) for key in fields["keys"].ravel()]
        return Map(dict(zip(keys, map(decode, fields["values"].ravel()), strict=True)))
    return Opaque(decode(fields["class"]), decode(fields["text"]))


def _map_key(key: Any) -> Any:
    return key if isinstance(key, str) else float(np.ravel(key)[0])


def _complex(re: np.ndarray[Any, Any], im: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Join the two parts without arithmetic, which would lose signed zeros and Inf."""
    value = np.empty(re.shape, np.complex64 if re.dtype == np.float32 else np.complex128, "F")
    value.real, value.imag = re, im
    return value


def _decode_char(octets: np.ndarray[Any, Any]) -> Any:
    octets = np.atleast_2d(octets).astype(np.uint8)
    if octets.ndim == 2 and (octets.shape[0] == 1 or octets.shape == (0, 0)):
        return octets.tobytes().decode(errors="surrogateescape")
    return np.array([chr(c) for c in octets.ravel()], dtype="U1").reshape(octets.shape)


def _text(data: Any) -> str:
    return str(data.ravel()[0]) if data.size else ""


def save(path: Path, **variables: Any) -> None:
    """Encode `variables` and write them to the MAT file `path`."""
    write(path, **{name: encode(value) for name, value in variables.items()})


def write(path: Path, **encoded: Any) -> None:
    """Write variables that are encoded already to the MAT file `path`."""
    from scipy.io import savemat

    savemat(path, encoded, long_field_names=True)


def cell(items: list[Any]) -> np.ndarray[Any, Any]:
    """Return the cell, a row, of items that are encoded already."""
    return _cell(items, (1, len(items)))


def load(path: Path, name: str) -> Any:
    """Read the variable `name` that Octave's helper wrote to the MAT file `path`."""
    from scipy.io import loadmat

    return decode(loadmat(path, mat_dtype=True)[name])


def is_sparse(value: Any) -> bool:
    """Tell whether `value` is a sparse array of SciPy."""
    sparse = sys.modules.get("scipy.sparse")  # not imported, so that there is none
    return sparse is not None and bool(sparse.issparse(value))


def octave_class(value: Any) -> str:
    """Name the class that `value` has in Octave, or would have if it came from there.

    Python's int, float and complex are doubles. An int64 array has no twin that a port could
    mean by it: in Octave its values would be doubles, so it is named ``int64`` and differs.
    """
    if isinstance(value, Opaque):
        return value.octave_class
    if isinstance(value, Map):
        return "containers.Map"
    if isinstance(value, str):
        return "char"
    if isinstance(value, (Mapping, StructArray)):
        return "struct"
    if isinstance(value, Handle) or callable(value):
        return "function_handle"
    if isinstance(value, (list, tuple)):
        return "cell"
    if isinstance(value, (int, float, complex)) and not isinstance(value, bool):
        return "double"
    if value is None:
        return "double"
    dtype = value.dtype if hasattr(value, "dtype") else np.asarray(value).dtype
    names = {"float64": "double", "complex128": "double", "bool": "logical", "object": "cell"}
    names |= {"float32": "single", "complex64": "single"}
    if isinstance(value, np.ma.MaskedArray) and np.ma.is_masked(value) and dtype.kind in "biu":
        return "double"  # what is masked is NaN
    return "char" if dtype.kind == "U" else names.get(dtype.name, dtype.name)


def to_python(value: Any) -> Any:
    """Drop what Octave's sizes add: 1 x 1 becomes a scalar, a row or column a 1-D array.

    Parameters
    ----------
    value : Any
        A decoded value.

    Returns
    -------
    Any
        Scalars, 1-D arrays, 2-D arrays, str, list (for a cell vector) and dict.
    """
    if isinstance(value, dict):
        return {name: to_python(item) for name, item in value.items()}
    if isinstance(value, Map):
        return {key: to_python(item) for key, item in value.items.items()}
    if isinstance(value, StructArray):
        return [to_python(item) for item in value.items]
    if not isinstance(value, np.ndarray):
        return value
    if value.dtype == object:
        items = [to_python(item) for item in value.ravel(order="F")]
        return items if min(value.shape) <= 1 else _cell(items, value.shape)
    if value.size == 1:
        return value.ravel()[0].item() if value.dtype.kind in "fcb" else value.ravel()[0]
    if value.ndim == 2 and 1 in value.shape:
        return value.ravel()
    return value


def size_text(shape: tuple[int, ...]) -> str:
    """Write a size as Octave does: ``5x400``."""
    return "x".join(str(n) for n in shape)


def octave_index(index: tuple[int, ...], shape: tuple[int, ...]) -> str:
    """Write a 0-based index as Octave does: 1-based, vectors with one number."""
    if math.prod(shape) == 1:
        return ""
    if len(shape) == 2 and 1 in shape:
        index = (max(index),)
    return "(" + ",".join(str(i + 1) for i in index) + ")"


def python_index(index: tuple[int, ...], shape: tuple[int, ...]) -> str:
    """Write a 0-based index as NumPy does; `shape` is the Python value's own."""
    if not shape:
        return ""
    if len(shape) == 1:
        index = (max(index),)
    return "[" + ", ".join(str(i) for i in index) + "]"
