"""The values of a run as they were: copies, so that what happens to them later rewrites nothing.

May import `model`, `keeping` and `versions`.
"""

import copy
import sys
from collections import deque
from collections.abc import Set
from typing import Any

import numpy as np

from lockstep.model.execution import KeptObject, NotKept
from lockstep.model.values import is_sparse
from lockstep.sides.keeping import SIMPLE, bytes_of, root_of, same
from lockstep.sides.versions import Versions

MOST_OBJECTS = 10_000
"""Copies of objects of the port's own classes that are kept."""

LARGEST_OBJECT = 1 << 16
"""Bytes of what such an object holds, beyond which it is not copied."""

DEEPEST = 5
"""How many objects and containers inside one another such an object may be."""


class KeptValues:
    """Copies values, up to some bytes in all.

    Parameters
    ----------
    limit : int
        That many.
    files : set of str
        The port's: of objects of classes that are written there copies are kept, too.

    Attributes
    ----------
    arrays : Versions
        The arrays among them.
    cut : str
        What was not kept; empty for nothing.
    """

    def __init__(self, limit: int, files: Set[str] = frozenset()) -> None:
        self.arrays = Versions(limit)
        self.cut = ""
        self._limit = limit
        self._alive: dict[int, Any] = {}
        self._bytes = 0
        self._files = files
        self._own: dict[type, bool] = {}
        self._objects: dict[int, tuple[Any, KeptObject]] = {}
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
        """Whether a value is an object of a class of the port's, with names of its own."""
        kind = type(value)
        if kind not in self._own:
            file = getattr(sys.modules.get(kind.__module__), "__file__", None)
            self._own[kind] = file in self._files and not issubclass(kind, type)
        return self._own[kind] and hasattr(value, "__dict__")

    def _object(self, value: Any) -> NotKept:
        name, held = type(value).__name__, self._objects.get(id(value))
        if held is not None and held[0] is value and same(vars(held[1].copy), vars(value)):
            return held[1]
        if not self._is_plain(value, DEEPEST) or bytes_of(vars(value)) > LARGEST_OBJECT:
            return NotKept(name)
        self._copies += 1
        try:
            kept = KeptObject(name, copy=copy.deepcopy(value))
        except Exception:
            return NotKept(name)
        if self.holds(value):
            self._objects[id(value)] = value, kept
        return kept

    def _is_plain(self, value: Any, depth: int) -> bool:
        """Whether a value holds numbers, texts and arrays alone, in no more than some layers."""
        if isinstance(value, (*SIMPLE, np.ndarray)):
            return not isinstance(value, np.ndarray) or value.dtype != object
        if depth and isinstance(value, (list, tuple)):
            return all(self._is_plain(one, depth - 1) for one in value)
        if depth and isinstance(value, dict):
            return all(self._is_plain(one, depth - 1) for one in value.values())
        return bool(depth) and self._is_own(value) and self._is_plain(vars(value), depth)

    def _large(self, shape: tuple[int, ...] = ()) -> NotKept:
        self.cut = f"values beyond {self._limit >> 20} MB were not kept"
        return NotKept("large", shape)
