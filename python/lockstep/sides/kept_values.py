"""The values of a run as they were: copies, so that what happens to them later rewrites nothing.

May import `model`, `keeping` and `versions`.
"""

import copy
import math
import sys
from collections import deque
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from lockstep.model.execution import KeptObject, NotKept
from lockstep.model.values import is_sparse
from lockstep.sides.keeping import SIMPLE, bytes_of, fields_of, root_of, same
from lockstep.sides.versions import Versions

MOST_OBJECTS = 10_000
"""Copies of objects of the port's own classes that are kept."""

LARGEST_OBJECT = 1 << 16
"""Bytes of what such an object holds, beyond which it is not copied."""

DEEPEST = 6
"""How many objects and containers inside one another such an object may be."""

HOOKS = frozenset(
    """
    __copy__ __deepcopy__ __getattr__ __getattribute__ __getstate__ __new__ __reduce__
    __reduce_ex__ __setstate__ __slots__
    """.split()  # noqa: SIM905 -- a list would fill the page
)
"""What a class may not have written itself, so that its objects are copied by their fields."""


class KeptValues:
    """Copies values, up to some bytes in all.

    Parameters
    ----------
    limit : int
        That many.
    files : mapping
        The port's, by function: of objects of classes written there copies are kept, too.

    Attributes
    ----------
    arrays : Versions
        The arrays among them.
    cut : str
        What was not kept; empty for nothing.
    """

    def __init__(self, limit: int, files: Mapping[str, Path]) -> None:
        self.arrays = Versions(limit)
        self.cut = ""
        self._limit = limit
        self._alive: dict[int, Any] = {}
        self._bytes = 0
        self._files = files
        self._own: dict[type, bool] = {}
        self._objects: dict[int, tuple[Any, KeptObject | None]] = {}
        self._copies = 0

    def of(self, value: Any) -> Any:
        """Return what is kept of a value."""
        if isinstance(value, SIMPLE):
            return value
        if isinstance(value, np.ndarray):
            return self._array(value)
        if isinstance(value, (list, tuple, dict, set, frozenset, deque, range)) or is_sparse(value):
            kept = self.arrays.container(value, self.holds)
            return self._large() if kept is None else kept
        if self._is_own(value) and self._copies < MOST_OBJECTS:
            return self._object(value)
        return NotKept(type(value).__name__)

    def is_of(self, kept: Any, value: Any) -> bool:
        """Whether what is kept is of a value: its last version, or the same number or text."""
        if isinstance(value, np.ndarray):
            return self.arrays.last(value) is kept
        return type(kept) is type(value) and isinstance(value, SIMPLE) and bool(kept == value)

    def holds(self, root: Any) -> bool:
        """Keep an object, or its number would be given to another; not where there are too many."""
        if id(root) not in self._alive:
            size = bytes_of(root)
            if self._bytes + size > self._limit:
                return False
            self._bytes += size
            self._alive[id(root)] = root
        return True

    def _array(self, value: np.ndarray[Any, Any]) -> Any:
        kept = self.arrays.kept(value)
        if kept is None:
            kept = self.arrays.add(value, self.holds(root_of(value)))
        return self._large(value.shape) if kept is None else kept

    def _is_own(self, value: Any) -> bool:
        """Whether a value is an object of a class of the port's that nothing but its fields make.

        A copy of it is made, and compared, without a call of what the port has written.
        """
        kind = type(value)
        if kind not in self._own:
            file = getattr(sys.modules.get(kind.__module__), "__file__", None)
            written = {name for one in kind.__mro__[:-1] for name in vars(one)}
            is_ours = file in {str(one) for one in self._files.values()}
            self._own[kind] = is_ours and HOOKS.isdisjoint(written)
        return self._own[kind] and fields_of(value) is not None

    def _object(self, value: Any) -> NotKept:
        name, held = type(value).__name__, self._objects.get(id(value))
        if held is not None and held[0] is value:
            if held[1] is None:
                return NotKept(name)
            if self._is_still(held[1].copy, value, DEEPEST):
                return held[1]
        size = self._size(value, DEEPEST)
        kept = None
        if size <= LARGEST_OBJECT and self.arrays.take(int(size)):
            self._copies += 1
            kept = self._copied(name, value)
        if self.holds(value):
            self._objects[id(value)] = value, kept
        return NotKept(name) if kept is None else kept

    def _copied(self, name: str, value: Any) -> KeptObject | None:
        try:
            return KeptObject(name, copy=copy.deepcopy(value))
        except Exception:
            return None

    def _is_still(self, kept: Any, value: Any, depth: int) -> bool:
        """Whether an object, or what it holds, is what was kept of it."""
        if type(kept) is not type(value) or not depth:
            return False
        if self._is_own(value):
            kept, value = vars(kept), vars(value)
        if isinstance(value, dict):
            return kept.keys() == value.keys() and all(
                self._is_still(kept[one], value[one], depth - 1) for one in value
            )
        if isinstance(value, (list, tuple)):
            return len(kept) == len(value) and all(
                self._is_still(*pair, depth - 1) for pair in zip(kept, value, strict=True)
            )
        return same(kept, value)

    def _size(self, value: Any, depth: int) -> float:
        """Say how much memory an object takes; no end for what holds more than plain values.

        It holds numbers, texts and arrays alone, in no more than some layers.
        """
        if isinstance(value, SIMPLE):
            return 8
        if isinstance(value, np.ndarray):
            return math.inf if value.dtype == object else value.nbytes
        if not depth:
            return math.inf
        if self._is_own(value):
            value = vars(value)
        if isinstance(value, dict):
            value = list(value.values())
        if not isinstance(value, (list, tuple)) or len(value) > LARGEST_OBJECT:
            return math.inf
        size = 16.0 * len(value)
        for one in value:
            size += self._size(one, depth - 1)
            if size > LARGEST_OBJECT:
                return math.inf
        return size

    def _large(self, shape: tuple[int, ...] = ()) -> NotKept:
        self.cut = f"values beyond {self._limit >> 20} MB were not kept"
        return NotKept("large", shape)
