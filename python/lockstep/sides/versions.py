"""The versions of the port's arrays, as they were: each kept once, of large ones what was changed.

May import `model` and `keeping`.
"""

import copy
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from lockstep.model.changed import LEAST, History, differing
from lockstep.model.execution import NotKept
from lockstep.sides.keeping import bytes_of, len_of, same

MOST_ITEMS = 10_000
"""Items of a list or dict that is kept."""

LARGE = 100_000
"""Elements of an array beyond which a read looks at a sample to see whether it was changed."""

Array = np.ndarray[Any, Any]


@dataclass
class _Held:
    """An array of the port, and its last version.

    Attributes
    ----------
    array : ndarray
        The port's own.
    kept : Any
        What stands for its last version.
    now : ndarray
        All of that.
    history : History or None
        What its versions are changes of, where it has several.
    """

    array: Array
    kept: Any
    now: Array
    history: History | None = None

    def is_up_to_date(self, value: Array) -> bool:
        """Whether an array is this one, and as it was; of a large one, by a sample."""
        return self.array is value and same(self.now, value, LARGE)


class Versions:
    """Keeps the versions of arrays.

    Parameters
    ----------
    limit : int
        Bytes that are kept.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._held: dict[int, _Held] = {}
        self._containers: dict[int, tuple[Any, Any]] = {}
        self.bytes = 0

    def last(self, value: Array) -> Any:
        """Return what stands for the last version of an array; None where it is not known."""
        held = self._held.get(id(value))
        return held.kept if held is not None and held.array is value else None

    def kept(self, value: Array) -> Any:
        """Return what stands for an array as it is now; None where it is known not to be kept."""
        held = self._held.get(id(value))
        return held.kept if held is not None and held.is_up_to_date(value) else None

    def add(self, value: Array, hold: bool) -> Any:
        """Keep all of an array; None where that is beyond the limit.

        Parameters
        ----------
        value : ndarray
            The array.
        hold : bool
            Whether it lives as long as this, so that it can be known again.
        """
        if not self.take(value.nbytes):
            return None
        snapshot = copy.deepcopy(value) if value.dtype == object else np.array(value)
        if hold:
            self._held[id(value)] = _Held(value, snapshot, snapshot)
        return snapshot

    def container(self, value: Any, holds: Callable[[Any], bool]) -> Any:
        """Return a copy of a list, tuple, dict or set, the one before where it is still the same.

        Parameters
        ----------
        value : Any
            The container.
        holds : callable
            Says of an object whether it lives as long as this, so that it can be known again.

        Returns
        -------
        Any
            None where it is beyond the limit.
        """
        if len_of(value) >= MOST_ITEMS:
            return NotKept("large")
        held = self._containers.get(id(value))
        try:
            if held is not None and held[0] is value and same(held[1], value):
                return held[1]
            if not self.take(bytes_of(value)):
                return None
            snapshot = copy.deepcopy(value)
        except Exception:
            return NotKept(type(value).__name__)
        if isinstance(value, (list, dict, set, deque)) and holds(value):
            self._containers[id(value)] = value, snapshot
        return snapshot

    def take(self, size: int) -> bool:
        """Count bytes that are kept; False where they are beyond the limit."""
        if self.bytes + size > self._limit:
            return False
        self.bytes += size
        return True

    def look_at(self, value: Array, again: bool = False) -> Any:
        """See what was changed of a large array since it was kept last.

        Parameters
        ----------
        value : ndarray
            The array.
        again : bool
            Whether it is a new version, even if nothing was changed.

        Returns
        -------
        ndarray, Changed or None
            What stands for it now; None where it was not kept, or is a new array by now.
        """
        held = self._held.get(id(value))
        if held is None or held.array is not value or value.size < LEAST:
            return None
        if value.dtype.kind not in "biufc" or held.now.shape != value.shape:
            del self._held[id(value)]
            return None
        places = differing(held.now, value)
        size = held.now.nbytes if held.history is None else 0
        if places is None or not self.take(size + places.size * (8 + value.itemsize)):
            del self._held[id(value)]
            return None
        if places.size or again:
            self._change(held, places)
        return held.kept

    def _change(self, held: _Held, places: Array) -> None:
        if held.history is None:
            held.history = History(held.now)
            held.now = held.now.copy(order="K")
        index = np.unravel_index(places, held.now.shape, order="F")
        part = held.array[index]
        held.now[index] = part
        held.kept = held.history.changed(places, part)
