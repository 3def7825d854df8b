"""Values in an .npz file without pickle: arrays as they are, and one JSON text that says of what.

An array that occurs twice is kept once. May import `values`.
"""

import contextlib
import json
import os
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np

from lockstep.model.values import Handle, Map, Opaque, Row, StructArray, is_sparse

MOST_BYTES = 2**31
"""What the arrays of a file may take in memory: a small file can claim to hold any amount."""

TREE = "tree"
"""Name of the array that holds the JSON text, as bytes."""

KINDS = frozenset(
    ("array", "scalar", "row", "int", "float", "complex", "struct", "list", "tuple", "sparse")
).union(("cell", "handle", "struct array", "map", "opaque"))
"""What a tree may say of a value that JSON has no form for."""


class ArchiveError(Exception):
    """A file of values cannot be read or written; the message names it and says why."""


class Packer:
    """Turns values into a tree that JSON can hold, and arrays.

    Attributes
    ----------
    arrays : dict
        The arrays by the names that the trees refer to.
    """

    def __init__(self) -> None:
        self.arrays: dict[str, np.ndarray[Any, Any]] = {}
        self._names: dict[bytes, str] = {}

    @property
    def digests(self) -> list[bytes]:
        """Of the arrays, in the order of their names."""
        return list(self._names)

    def tree(self, value: Any) -> Any:
        """Return the tree of a value, as Octave gave it or as the argument of a case.

        Raises
        ------
        TypeError
            If it is of a class that is not known here.
        """
        if value is None or isinstance(value, (bool, str)):
            return value
        if isinstance(value, (int, float, complex)) and not isinstance(value, np.generic):
            return {type(value).__name__: _number_text(value)}
        if isinstance(value, Mapping):
            return {"struct": [[name, self.tree(item)] for name, item in value.items()]}
        if isinstance(value, (list, tuple)):
            return {type(value).__name__: [self.tree(item) for item in value]}
        if isinstance(value, Row):
            return {"row": self.array(np.asarray(value.vector))}
        if isinstance(value, np.generic):
            return {"scalar": self.array(np.asarray(value))}
        if is_sparse(value):
            from scipy.sparse import find  # here and below: few recordings need SciPy

            i, j, elements = find(value)
            parts = [self.array(np.asarray(one)) for one in (i, j, elements)]
            return {"sparse": [list(value.shape), *parts]}
        if isinstance(value, np.ndarray) and value.dtype == object:
            items = [self.tree(item) for item in value.ravel(order="F")]
            return {"cell": [list(value.shape), items]}
        if isinstance(value, np.ndarray) and value.dtype.kind in "fciubU":
            return {"array": self.array(value)}
        return self._of_octave(value)

    def _of_octave(self, value: Any) -> Any:
        if isinstance(value, Handle):
            return {"handle": [value.text, self.tree(value.variables)]}
        if isinstance(value, StructArray):
            return {"struct array": [list(value.shape), self.tree(value.items)]}
        if isinstance(value, Map):
            return {"map": [[self.tree(key), self.tree(one)] for key, one in value.items.items()]}
        if isinstance(value, Opaque):
            return {"opaque": [value.octave_class, value.text]}
        raise TypeError(f"a value of type {type(value).__name__} cannot be kept in a file")

    def array(self, array: np.ndarray[Any, Any]) -> Any:
        """Keep an array, and return what a tree calls it."""
        array = np.asarray(array, order="A")
        order = "F" if array.flags.f_contiguous else "C"
        head = f"{array.dtype.str}{array.shape}{order}".encode()
        digest = sha256(head + array.tobytes("A")).digest()
        name = self._names.setdefault(digest, f"a{len(self._names)}")
        self.arrays.setdefault(name, array)
        return name


def fingerprint(value: Any) -> str:
    """Return a text that two values share if they are equal in class, size and every bit."""
    packer = Packer()
    tree = json.dumps(packer.tree(value))
    return sha256(b"|".join([tree.encode(), *packer.digests])).hexdigest()


def _number_text(value: complex) -> str:
    return value.hex() if isinstance(value, float) else repr(value)


def write_archive(file: Path, value: Any) -> None:
    """Write a value; the file is there whole or, if that fails, as it was before.

    Raises
    ------
    ArchiveError
        If it cannot be written.
    """
    packer = Packer()
    text = json.dumps(packer.tree(value))
    write_arrays(file, {TREE: np.frombuffer(text.encode(), np.uint8), **packer.arrays})


def write_arrays(file: Path, arrays: Mapping[str, np.ndarray[Any, Any]]) -> None:
    """Write arrays; the file is there whole or, if that fails, as it was before.

    Raises
    ------
    ArchiveError
        If it cannot be written.
    """
    new = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with new.open("wb") as stream:
            np.savez_compressed(stream, **arrays)  # type: ignore[arg-type]
        new.replace(file)
    except OSError as error:
        raise ArchiveError(f"{file} cannot be written: {error.strerror}") from None
    finally:
        with contextlib.suppress(OSError):
            new.unlink()


def read_archive(file: Path) -> Any:
    """Read the value that `write_archive` wrote.

    Raises
    ------
    ArchiveError
        If the file cannot be read, or is none of these.
    """
    with opened(file) as arrays:
        return Unpacker(arrays).value(json.loads(arrays[TREE].tobytes()))


@contextlib.contextmanager
def opened(file: Path, most: int = MOST_BYTES) -> Iterator[Mapping[str, np.ndarray[Any, Any]]]:
    """Open a file of arrays; whatever goes wrong while it is read says that the file is bad.

    Parameters
    ----------
    file : Path
        An .npz file.
    most : int
        Bytes that it may claim to hold.

    Raises
    ------
    ArchiveError
        If it cannot be read, or an error of reading it is raised while it is open.
    """
    try:
        with zipfile.ZipFile(file) as whole:
            size = sum(part.file_size for part in whole.infolist())
        if size > most:
            raise ArchiveError(
                f"{file} claims to hold {size:,} bytes of values; at most {most:,} are read"
            )
        with np.load(file, allow_pickle=False) as arrays:
            yield arrays
    except ArchiveError:
        raise
    except OSError as error:
        raise ArchiveError(f"{file} cannot be read: {error.strerror or error}") from None
    except (
        zipfile.BadZipFile,
        zlib.error,
        ValueError,
        LookupError,
        TypeError,
        AttributeError,
    ) as error:
        raise ArchiveError(f"{file} holds no values of lockstep, or is damaged: {error}") from None
    except (EOFError, NotImplementedError, RecursionError, MemoryError) as error:
        raise ArchiveError(f"{file} is damaged: {type(error).__name__}") from None


class Unpacker:
    """Turns trees back into values."""

    def __init__(self, arrays: Mapping[str, np.ndarray[Any, Any]]) -> None:
        self._stored = arrays
        self._read: dict[str, np.ndarray[Any, Any]] = {}

    def value(self, tree: Any) -> Any:
        """Return the value of a tree."""
        if tree is None or isinstance(tree, (bool, str)):
            return tree
        ((kind, told),) = tree.items()
        if kind not in KINDS:
            raise ValueError(f"it holds a value of the unknown kind {kind!r}")
        if kind == "array":
            return self.array(told)
        return getattr(self, f"_{kind.replace(' ', '_')}")(told)

    def array(self, name: Any) -> Any:
        """Return a copy of the array that a tree calls so."""
        if name not in self._read:
            self._read[name] = self._stored[name]
        return self._read[name].copy(order="K")

    def _scalar(self, name: str) -> Any:
        return self.array(name)[()]

    def _row(self, name: str) -> Any:
        return Row(self.array(name))

    def _int(self, text: str) -> int:
        return int(text)

    def _float(self, text: str) -> float:
        return float.fromhex(text)

    def _complex(self, text: str) -> complex:
        return complex(text)

    def _struct(self, fields: list[Any]) -> dict[str, Any]:
        return {name: self.value(item) for name, item in fields}

    def _list(self, items: list[Any]) -> list[Any]:
        return [self.value(item) for item in items]

    def _tuple(self, items: list[Any]) -> tuple[Any, ...]:
        return tuple(self._list(items))

    def _sparse(self, told: list[Any]) -> Any:
        from scipy.sparse import csc_array

        shape, *names = told
        if 8 * max(shape) > MOST_BYTES:  # what one number for each row or column takes
            raise ValueError(f"it holds a sparse matrix of {shape[0]} x {shape[1]}")
        i, j, elements = (self.array(name) for name in names)
        return csc_array((elements, (i, j)), shape=tuple(shape))

    def _cell(self, told: list[Any]) -> Any:
        shape, items = told
        cell = np.empty(len(items), dtype=object)
        for place, item in enumerate(items):
            cell[place] = self.value(item)
        return cell.reshape(shape, order="F")

    def _handle(self, told: list[Any]) -> Handle:
        text, variables = told
        return Handle(text, self.value(variables))

    def _struct_array(self, told: list[Any]) -> StructArray:
        shape, items = told
        return StructArray(tuple(shape), self.value(items))

    def _map(self, told: list[Any]) -> Map:
        return Map({self.value(key): self.value(item) for key, item in told})

    def _opaque(self, told: list[Any]) -> Opaque:
        return Opaque(*told)
