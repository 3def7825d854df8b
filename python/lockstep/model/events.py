"""What a trace is made of: events, on both sides the same. May import NumPy and `values`."""

import hashlib
import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from lockstep.model.values import is_sparse, octave_class

ARGUMENTS_LINE = 0
"""Line of the events that are a function's arguments, as it is entered."""

RETURNED = "return"
"""Name of the events that are what a function of the port returned."""

EVENT_LIMIT = 100_000
"""How many events a trace keeps; the rest are counted."""

VALUE_BUDGET = 256 * 2**20
"""Bytes of values that one side keeps whole; after these, large values become digests."""

SMALL_VALUE = 4096
"""Bytes of a value that is always kept whole."""

SAMPLES = 1000
"""Elements that a digest keeps, evenly spread."""


@dataclass(frozen=True)
class Digest:
    """A large array in short.

    Attributes
    ----------
    octave_class : str
        Its class.
    shape : tuple of int
        Its size.
    sample : array
        Some of its elements, column by column.
    checksum : str
        Of all its bits: equal where the array is.
    number : int
        Of its event, counted from 1; a second run keeps the value of that event whole.
    """

    octave_class: str
    shape: tuple[int, ...]
    sample: np.ndarray[Any, Any]
    checksum: str
    number: int = 0

    @property
    def size_in_bytes(self) -> int:
        """Return how much the whole value takes."""
        return math.prod(self.shape) * self.sample.itemsize


@dataclass(frozen=True)
class Event:
    """A statement bound a variable.

    Attributes
    ----------
    function : str
        Pair whose function it is.
    frame : int
        Number of the call, counted over all traced functions, from 1.
    line : int
        Of the statement, from 1; `ARGUMENTS_LINE` for an argument.
    name : str
        The variable, as this side spells it.
    value : Any
        As it was right after the statement; a `Digest` of a large one.
    """

    function: str
    frame: int
    line: int
    name: str
    value: Any


@dataclass(frozen=True)
class Step:
    """A line that was reached; on the Python side a condition that was evaluated, or a jump."""

    function: str
    frame: int
    line: int
    outcome: bool | None = None


Moments = Sequence[tuple[int, Event | Step]]
"""What happened in one call, each with the moment at which it did."""


@dataclass(frozen=True)
class Trace:
    """What one side did in one call.

    Attributes
    ----------
    items : list of Event and Step
        In order, at most `EVENT_LIMIT` of each.
    dropped : int
        Events beyond the limit.
    callers : dict
        Where the port made each call, by its number: file and line.
    """

    items: list[Event | Step] = field(default_factory=list)
    dropped: int = 0
    callers: dict[int, tuple[str, int]] = field(default_factory=dict)

    @property
    def events(self) -> list[Event]:
        """What was bound, in order."""
        return [item for item in self.items if isinstance(item, Event)]

    def frame(self, number: int) -> list[Event | Step]:
        """Return what happened in one call."""
        return [item for _, item in self.moments(number)]

    def moments(self, number: int) -> Moments:
        """Return what happened in one call, each with its place in `items`."""
        return self._by_frame.get(number, [])

    @cached_property
    def _by_frame(self) -> dict[int, list[tuple[int, Event | Step]]]:
        found: dict[int, list[tuple[int, Event | Step]]] = {}
        for moment, item in enumerate(self.items):
            found.setdefault(item.frame, []).append((moment, item))
        return found

    def frames(self) -> dict[int, str]:
        """Return the calls that were traced: the function of each, by number."""
        return {number: items[0][1].function for number, items in self._by_frame.items()}


def digest(value: np.ndarray[Any, Any], number: int = 0) -> Digest:
    """Shorten a large array: the same elements that the Octave side picks."""
    places = np.unique(_rounded(np.linspace(1, value.size, SAMPLES))).astype(int) - 1
    parts = [value.real, value.imag] if value.dtype.kind == "c" else [value]
    checksum = "".join(
        hashlib.md5(part.tobytes(order="F"), usedforsecurity=False).hexdigest() for part in parts
    )
    return Digest(
        octave_class(value), value.shape, value.ravel(order="F")[places], checksum, number
    )


def _rounded(x: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Octave's round: halves go up."""
    return np.floor(x + 0.5)


def size_in_bytes(value: Any) -> int:
    """Return how much of the budget a value takes."""
    return int(value.nbytes) if isinstance(value, np.ndarray) else 0


def can_be_digested(value: Any) -> bool:
    """Whether a value is an array of numbers."""
    return isinstance(value, np.ndarray) and value.dtype.kind in "biufc" and not is_sparse(value)
