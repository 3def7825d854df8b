"""Two values in, the parts of them that stand for each other out, with what their forms lack.

A value is a tree (cells and structs) with leaves (arrays, text); every leaf is compared on its
own (see `distance`). What is on purpose:

- Octave narrows a complex value without imaginary part to a real one by itself, so real and complex
  values compare.
- Rows of characters are compared with a list of texts, padded with blanks.
- Numbers are compared whatever their class; a class that differs is noted beside (`class_note`).
- A masked element of a masked array is NaN.
- A containers.Map is compared with a dict, key by key.
- A 1-D array is a row or a column; a scalar is 1 x 1; 1-D and empty is any empty vector, or [].
- Function handles cannot be compared, nor can objects: such leaves are listed as not compared.

May import `values`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from lockstep.model.blocks import largest
from lockstep.model.values import (
    Map,
    Opaque,
    StructArray,
    is_sparse,
    octave_class,
    size_text,
)

NUMERIC = frozenset(
    ["double", "single", "logical", *(f"{u}int{n}" for u in ("", "u") for n in (8, 16, 32, 64))]
)
"""Classes whose values can be compared with each other's."""


WHOLE = "int64 for double"
"""The class of whole numbers in Python and NumPy, for Octave's: it is held against no port."""


@dataclass(frozen=True)
class Leaf:
    """One leaf of an output, on both sides.

    Attributes
    ----------
    path : str
        Where it is in the output, as Octave writes it: "" for the output itself, "{2}.theta".
    octave, python : Any
        The two values; arrays of one shape where `mismatch` is empty.
    mismatch : str
        Why the values cannot be compared element by element: class, shape, missing field.
    compared : bool
        False for function handles and objects, and where there is nothing to compare with.
    python_shape : tuple of int
        Shape of the Python value before it was brought to Octave's.
    class_note : str
        How the classes of two numeric values differ: ``int64 for double``, the port's first.
    is_returned : bool
        Whether the port has such an output at all.
    """

    path: str
    octave: Any
    python: Any
    mismatch: str = ""
    compared: bool = True
    python_shape: tuple[int, ...] = ()
    class_note: str = ""
    is_returned: bool = True


def leaves(octave: Any, python: Any, path: str = "") -> Iterator[Leaf]:
    """Pair the leaves of an Octave value with those of a Python value.

    Parameters
    ----------
    octave : Any
        A decoded value (see `lockstep.model.values`).
    python : Any
        What the port gave.
    path : str
        Where in the output this value is.

    Yields
    ------
    Leaf
        In Octave's order. Where the trees differ in form, one leaf says how and nothing below it
        follows.
    """
    expected, found = octave_class(octave), octave_class(python)
    if expected == "char" and _are_lines(python):
        found, python = "char", np.array(python)
    if isinstance(octave, Opaque) or (expected == found == "function_handle"):
        yield Leaf(path, octave, python, compared=False)
    elif isinstance(octave, Map):
        yield from _map_leaves(octave, python, path)
    elif expected != found and {expected, found} <= NUMERIC and python is not None:
        yield _array_leaf(octave, python, path, f"{found} for {expected}")
    elif expected != found and not _both_empty(octave, python) and not _structs(octave, python):
        yield Leaf(path, octave, python, _classes(expected, python))
    elif expected == "struct":
        yield from _struct_leaves(octave, python, path)
    elif expected == "cell":
        yield from _cell_leaves(octave, python, path)
    else:
        yield _array_leaf(octave, python, path)


def _are_lines(python: Any) -> bool:
    """Whether a value is a list of texts, which is what Python has for rows of characters."""
    return (
        isinstance(python, (list, tuple))
        and len(python) > 0
        and all(isinstance(one, str) for one in python)
    )


def _both_empty(octave: Any, python: Any) -> bool:
    """Whether Octave gave [] and the port None: its empty has no class of its own."""
    is_array = isinstance(octave, np.ndarray) and octave.dtype != object
    return python is None and is_array and octave.size == 0


def _structs(octave: Any, python: Any) -> bool:
    """Whether Octave gave a struct array and the port its counterpart, a list of dicts."""
    return (
        isinstance(octave, StructArray)
        and isinstance(python, (list, tuple))
        and all(isinstance(item, Mapping) for item in python)
    )


def _classes(expected: str, python: Any) -> str:
    return f"class {expected} in Octave, {octave_class(python)} ({type(python).__name__}) in Python"


def _map_leaves(octave: Map, python: Any, path: str) -> Iterator[Leaf]:
    if not isinstance(python, Mapping):
        yield Leaf(path, octave, python, _classes("containers.Map", python))
        return
    theirs, ours = ({_key(k): v for k, v in side.items()} for side in (octave.items, python))
    missing = [repr(key) for key in theirs if key not in ours]
    extra = [repr(key) for key in ours if key not in theirs]
    if missing or extra:
        yield Leaf(path, octave, python, _fields("keys", missing, extra))
        return
    if not theirs:
        yield _empty(path)
    for key, value in theirs.items():
        yield from leaves(value, ours[key], f"{path}({key!r})")


def _key(key: Any) -> Any:
    """Return a key as both sides would write it: a number of any class is its value."""
    value = key.item() if isinstance(key, np.generic) else key
    return float(value) if isinstance(value, (bool, int)) else value


def _fields(what: str, missing: list[str], extra: list[str]) -> str:
    sides = [f"only in Octave: {', '.join(missing)}"] if missing else []
    sides += [f"only in Python: {', '.join(extra)}"] if extra else []
    return f"{what} differ; " + "; ".join(sides)


def _struct_leaves(octave: Any, python: Any, path: str) -> Iterator[Leaf]:
    if isinstance(octave, StructArray) or not isinstance(python, Mapping):
        yield from _struct_array_leaves(octave, python, path)
        return
    missing = [name for name in octave if name not in python]
    extra = [str(name) for name in python if name not in octave]
    if missing or extra:
        yield Leaf(path, octave, python, _fields("fields", missing, extra))
        return
    if not octave:
        yield _empty(path)
    for name in octave:
        yield from leaves(octave[name], python[name], f"{path}.{name}")


def _struct_array_leaves(octave: Any, python: Any, path: str) -> Iterator[Leaf]:
    theirs = octave.items if isinstance(octave, StructArray) else (octave,)
    ours = python if isinstance(python, (list, tuple)) else (python,)
    ours = python.items if isinstance(python, StructArray) else ours
    if len(theirs) != len(ours):
        yield Leaf(path, octave, python, f"{len(theirs)} structs in Octave, {len(ours)} in Python")
        return
    if not theirs:
        yield _empty(path)
    for i, (one, other) in enumerate(zip(theirs, ours, strict=True), start=1):
        yield from leaves(one, other, f"{path}({i})")


def _cell_leaves(octave: Any, python: Any, path: str) -> Iterator[Leaf]:
    ours = python
    if isinstance(python, (list, tuple)):
        ours = np.empty(len(python), dtype=object)
        ours[:] = list(python)
    if not same_shape(octave.shape, ours.shape):
        yield Leaf(path, octave, python, _shapes(octave.shape, ours.shape))
        return
    if octave.size == 0:
        yield _empty(path)
    items = zip(octave.ravel(order="F"), ours.ravel(order="F"), strict=True)
    for i, (one, other) in enumerate(items, start=1):
        yield from leaves(one, other, f"{path}{{{i}}}")


def _empty(path: str) -> Leaf:
    """Return the leaf of what is empty on both sides: nothing else can be said of it."""
    return Leaf(path, np.zeros((0, 0)), np.zeros((0, 0)), python_shape=(0, 0))


def _array_leaf(octave: Any, python: Any, path: str, class_note: str = "") -> Leaf:
    theirs, ours = _as_array(octave), _as_array(python)
    shape = ours.shape if not isinstance(python, str) else (ours.size,)
    if class_note:
        theirs, ours = _of_one_kind(theirs, ours)
    if not same_shape(theirs.shape, ours.shape):
        said = _shapes(theirs.shape, ours.shape)
        if isinstance(octave, str) and isinstance(python, str):
            said = f"{octave!r} in Octave, {python!r} in Python"
        return Leaf(path, theirs, ours, said, python_shape=shape, class_note=class_note)
    ours = ours.reshape(theirs.shape, order="F")
    return Leaf(path, theirs, ours, python_shape=shape, class_note=class_note)


def _of_one_kind(octave: Any, python: Any) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Bring numbers of two classes to one kind: both floating, or both whole."""
    if octave.dtype.kind in "fc" and python.dtype.kind in "fc":
        return octave, python
    common = np.result_type(octave, python)
    return octave.astype(common, copy=False), python.astype(common, copy=False)


def common_part(leaf: Leaf) -> Leaf | None:
    """Return the first elements of two vectors that differ in length, as many as both have.

    Returns
    -------
    Leaf or None
        A column, with the leaf's `mismatch`; None where it is no pair of floating-point vectors.
    """
    sides = [leaf.octave, leaf.python]
    if not all(isinstance(side, np.ndarray) and is_vector(side) for side in sides):
        return None
    length = min(side.size for side in sides)
    theirs, ours = (side.ravel()[:length, np.newaxis] for side in sides)
    return replace(leaf, octave=theirs, python=ours, python_shape=(length,))


def is_vector(array: np.ndarray[Any, Any]) -> bool:
    """Whether `array` holds floats in a row, a column, or nothing."""
    return array.dtype.kind in "fc" and array.size in (max(array.shape, default=1), 0)


def _as_array(value: Any) -> np.ndarray[Any, Any]:
    if value is None:
        return np.zeros((0, 0))
    if isinstance(value, str):
        return np.array(list(value), dtype="U1").reshape((1, -1) if value else (0, 0))
    if is_sparse(value):
        return np.asarray(value.toarray())
    if type(value) is int:
        return np.asarray(float(value))  # also beyond 64 bits
    if isinstance(value, np.ma.MaskedArray):
        return _unmasked(value)
    array = np.asarray(value)
    if array.dtype.kind == "U" and array.dtype != np.dtype("U1"):
        width = max(map(len, array.ravel()), default=0)
        return np.array([list(line.ljust(width)) for line in array.ravel()], dtype="U1")
    return array


def _unmasked(value: Any) -> np.ndarray[Any, Any]:
    """Return a masked array's data, NaN where it is masked."""
    if not np.ma.is_masked(value):
        return np.asarray(value.data)
    data = np.array(value.data, dtype=np.result_type(value.dtype, np.float16))
    data[np.ma.getmaskarray(value)] = np.nan
    return data


def same_shape(octave: tuple[int, ...], python: tuple[int, ...]) -> bool:
    """Whether a port's array of one shape stands for Octave's array of another."""
    if len(python) == 0:
        return set(octave) == {1}
    if len(python) == 1:
        n = python[0]
        return octave in ((1, n), (n, 1)) or (n == 0 and octave == (0, 0))
    while len(python) > 2 and python[-1] == 1:
        python = python[:-1]  # Octave drops trailing dimensions of 1
    return octave == python


def _shapes(octave: tuple[int, ...], python: tuple[int, ...]) -> str:
    return f"shape {size_text(octave)} in Octave, {python} in Python"


def largest_number(leaf: Leaf) -> float:
    """Return the size of a leaf: its largest floating-point number, on either side."""
    sizes = [largest(side) for side in (leaf.octave, leaf.python) if side.dtype.kind in "fc"]
    return max(sizes, default=0.0)
