"""Many small arrays in a few long ones: a column of elements for each dtype, and a table.

In an .npz file each array costs some hundred bytes of its own; the values of a trace are thousands
of scalars. May import `model`.
"""

import math
import sys
from collections.abc import Iterator, Mapping
from hashlib import sha256
from typing import Any

import numpy as np

from lockstep.model.archive import Packer, Unpacker
from lockstep.model.changed import Changed, History
from lockstep.model.execution import NotKept

TYPES = ("<f8", "<f4", "<c16", "<c8", "|b1", "|i1", "<i2", "<i4", "<i8", "|u1", "<u2", "<u4", "<u8")
"""The dtypes that have a column of their own; texts are kept as code points, in that of "<u4"."""

TEXT = len(TYPES)
"""Stands for texts where a table has the place of a dtype."""

_CODE_POINT = np.dtype("<u4")

HEAD = 5
"""Numbers of a table before the size: dtype, begin, memory order, characters of a text, rank."""

MOST_DIMENSIONS = 32

NOT_KEPT = "not kept"
"""Kind of a tree that stands for a value that a trace did not keep."""

CHANGED = "changed"
"""Kind of a tree that stands for a large array of which a trace kept what was changed."""

CHANGES = "changes"
"""Name of the column of such arrays: the number of each array, of how many changes, and those of
the places and of the values of each change."""

ABOUT, BEGINS = "about", "begins"
"""Names of the table, and of where each array's numbers begin in it."""


class ColumnPacker(Packer):
    """A `Packer` whose arrays are parts of columns; trees refer to them by number."""

    def __init__(self) -> None:
        super().__init__()
        self._numbers: dict[bytes, int] = {}
        self._columns: list[list[np.ndarray[Any, Any]]] = [[] for _ in TYPES]
        self._taken = [0] * len(TYPES)
        self._about: list[int] = []
        self._begins: list[int] = []
        self._histories: dict[int, tuple[int, History]] = {}

    def tree(self, value: Any) -> Any:
        """Return the tree of a value, also of what a trace did not keep."""
        if isinstance(value, Changed):
            new = (len(self._histories), value.history)
            number, _ = self._histories.setdefault(id(value.history), new)
            return {CHANGED: [number, value.version]}
        if isinstance(value, NotKept):
            return {NOT_KEPT: [value.why, list(value.shape)]}
        return super().tree(value)

    def array(self, array: np.ndarray[Any, Any]) -> int:
        """Keep an array, once, and return its number."""
        array = np.asarray(array, order="A")
        order = "F" if array.flags.f_contiguous else "C"
        elements = array.ravel(order="F" if order == "F" else "C")
        kind, width = self._kind(elements)
        if kind == TEXT:
            elements = elements.astype(f"<U{width}").view(_CODE_POINT)
        head = f"{kind},{width}{array.shape}{order}".encode()
        key = sha256(head + elements.tobytes()).digest()
        if key not in self._numbers:
            self._numbers[key] = len(self._numbers)
            column = TYPES.index("<u4") if kind == TEXT else kind
            self._begins.append(len(self._about))
            begin = self._taken[column]
            self._about += [kind, begin, int(order == "F"), width, array.ndim, *array.shape]
            self._columns[column].append(elements)
            self._taken[column] += elements.size
        return self._numbers[key]

    def _kind(self, elements: np.ndarray[Any, Any]) -> tuple[int, int]:
        if elements.dtype.kind == "U":
            return TEXT, elements.dtype.itemsize // _CODE_POINT.itemsize
        name = elements.dtype.newbyteorder("<").str
        if name not in TYPES:
            raise TypeError(f"an array of {elements.dtype} cannot be kept in a file")
        return TYPES.index(name), 0

    def packed(self) -> dict[str, np.ndarray[Any, Any]]:
        """Return the arrays to be written."""
        changes: list[int] = []
        for _, history in self._histories.values():
            changes += [self.array(history.first), len(history.changes)]
            changes += [self.array(one) for change in history.changes for one in change]
        found = {
            name[1:]: planes(np.concatenate(parts).astype(name))
            for name, parts in zip(TYPES, self._columns, strict=True)
            if parts
        }
        if changes:
            found[CHANGES] = planes(np.array(changes, "<i8"))
        found[ABOUT] = planes(np.array(self._about, "<i8"))
        found[BEGINS] = planes(np.array(self._begins, "<i8"))
        return found


class ColumnUnpacker(Unpacker):
    """Reads what a `ColumnPacker` kept; an array is the same object wherever it is read.

    Parameters
    ----------
    arrays : mapping
        What `ColumnPacker.packed` gave.

    Raises
    ------
    ValueError, LookupError
        If a number does not fit the others, here or when an array is read.
    """

    def __init__(self, arrays: Mapping[str, np.ndarray[Any, Any]]) -> None:
        super().__init__({})
        self._columns = {
            name: column_of(arrays[name[1:]], name) for name in TYPES if name[1:] in arrays
        }
        self._about = column_of(arrays[ABOUT], "<i8")
        self._begins = column_of(arrays[BEGINS], "<i8")
        told = column_of(arrays[CHANGES], "<i8") if CHANGES in arrays else np.zeros(0, np.int64)
        self._changes = told.tolist()
        self._histories: list[History] | None = None

    def value(self, tree: Any) -> Any:
        """Return the value of a tree."""
        if isinstance(tree, dict) and CHANGED in tree:
            number, version = tree[CHANGED]
            histories = self._read_histories()
            history = histories[_checked(number, len(histories))]
            return history.version(_checked(version - 1, len(history.changes)) + 1)
        if isinstance(tree, dict) and NOT_KEPT in tree:
            why, shape = tree[NOT_KEPT]
            return NotKept(str(why), tuple(map(int, shape)))
        return super().value(tree)

    def _read_histories(self) -> list[History]:
        if self._histories is None:
            self._histories, left = [], iter(self._changes)
            for number in left:
                history = History(self.array(number))
                for _ in range(next(left, 0)):
                    history.changes.append(self._change(history.first.size, left))
                self._histories.append(history)
        return self._histories

    def _change(
        self, size: int, left: Iterator[int]
    ) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
        places, part = self.array(next(left, -1)), self.array(next(left, -1))
        if places.dtype.kind != "i" or places.ndim != 1 or places.shape != part.shape:
            raise ValueError("the places of a change are not those of its values")
        if np.any(places < 0) or np.any(places >= size):
            raise ValueError(f"a change is not within {size} elements")
        return places, part

    def array(self, name: Any) -> Any:
        """Return the array of a number."""
        if name not in self._read:
            self._read[name] = self._array_of(name)
        return self._read[name]

    def _array_of(self, number: Any) -> np.ndarray[Any, Any]:
        begin = int(self._begins[_checked(number, len(self._begins))])
        head = self._about[_checked(begin, len(self._about)) :][:HEAD]
        kind, start, order, width, rank = head.tolist()
        if not 0 <= rank <= MOST_DIMENSIONS:
            raise ValueError(f"array {number} has {rank} dimensions")
        shape = self._about[begin + HEAD :][:rank].tolist()
        if len(shape) != rank or any(n < 0 for n in shape):
            raise ValueError(f"array {number} has no size")
        count = math.prod(shape)
        column = self._columns["<u4" if kind == TEXT else TYPES[_checked(kind, TEXT)]]
        taken = count * width if kind == TEXT else count
        if start < 0 or start + taken > column.size:
            raise ValueError(f"array {number} ends beyond the values")
        elements = column[start : start + taken]  # no copy: a file may name a part many times
        if kind == TEXT:
            elements = _texts(elements, width, number)
        return elements.reshape(shape, order="F" if order else "C")


def _texts(code_points: np.ndarray[Any, Any], width: int, number: Any) -> np.ndarray[Any, Any]:
    if width < 1 or np.any(code_points > sys.maxunicode):
        raise ValueError(f"array {number} holds no texts")
    return code_points.view(f"<U{width}")


def planes(column: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Put the first bytes of all numbers before the second ones, and so on.

    Signs and exponents, which are much alike, are then together and compress well.
    """
    return np.ascontiguousarray(column.view(np.uint8).reshape(column.size, column.itemsize).T)


def column_of(array: Any, dtype: str) -> np.ndarray[Any, Any]:
    """Undo `planes`.

    Raises
    ------
    ValueError
        If the array is no such thing.
    """
    size = np.dtype(dtype).itemsize
    if array.dtype != np.uint8 or array.ndim != 2 or array.shape[0] != size:
        raise ValueError(f"{array.dtype} of shape {array.shape} is no column of {dtype}")
    return np.ascontiguousarray(array.T).view(dtype).ravel()


def _checked(number: Any, end: int) -> int:
    """Return a number that must be 0 or more and below `end`."""
    if type(number) is not int or not 0 <= number < end:
        raise ValueError(f"there is no number {number} below {end}")
    return number
