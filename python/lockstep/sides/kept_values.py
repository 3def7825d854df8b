"""The values of a run as they were: copies, so that what happens to them later rewrites nothing.

May import `model`, `keeping` and `versions`.
"""

from collections import deque
from typing import Any

import numpy as np

from lockstep.model.execution import NotKept
from lockstep.model.values import is_sparse
from lockstep.sides.keeping import SIMPLE, bytes_of, root_of
from lockstep.sides.versions import Versions


class KeptValues:
    """Copies values, up to some bytes in all.

    Parameters
    ----------
    limit : int
        That many.

    Attributes
    ----------
    arrays : Versions
        The arrays among them.
    cut : str
        What was not kept; empty for nothing.
    """

    def __init__(self, limit: int) -> None:
        self.arrays = Versions(limit)
        self.cut = ""
        self._limit = limit
        self._alive: dict[int, Any] = {}
        self._bytes = 0

    def of(self, value: Any) -> Any:
        """Return what is kept of a value."""
        if isinstance(value, SIMPLE):
            return value
        if isinstance(value, np.ndarray):
            return self._array(value)
        if isinstance(value, (list, tuple, dict, set, frozenset, deque, range)) or is_sparse(value):
            kept = self.arrays.container(value, self.holds)
            return self._large() if kept is None else kept
        return NotKept(type(value).__name__)

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

    def _large(self, shape: tuple[int, ...] = ()) -> NotKept:
        self.cut = f"values beyond {self._limit >> 20} MB were not kept"
        return NotKept("large", shape)
