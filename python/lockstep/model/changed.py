"""Large arrays of which a part is changed again and again: each version is what it changed.

May import `model.execution`.
"""

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from lockstep.model.execution import NotKept

LEAST = 8192
"""Elements of an array of which only changes are kept (mfiles/lockstep_part_.m says the same)."""

MOST = 1 / 8
"""Part of an array beyond which a change is kept as a new array."""


@dataclass(eq=False)
class History:
    """An array, and what was changed of it later.

    Attributes
    ----------
    first : ndarray
        All of it.
    changes : list
        For each version after that: where it was changed, as positions from 0, column by column;
        and what is there then.
    """

    first: np.ndarray[Any, Any]
    changes: list[tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]] = field(default_factory=list)

    def changed(self, places: np.ndarray[Any, Any], part: np.ndarray[Any, Any]) -> "Changed":
        """Add a version, and return what stands for it."""
        self.changes.append((places, part))
        return self.version(len(self.changes))

    def version(self, number: int) -> "Changed":
        """Return what stands for the array after so many changes."""
        size = self.changes[number - 1][0].size
        why = f"only the {size} of {self.first.size} elements that were changed"
        return Changed(why, self.first.shape, self, number)


@dataclass(frozen=True, eq=False)
class Changed(NotKept):
    """Stands for a version of a large array: what a statement changed of the one before.

    Attributes
    ----------
    history : History
        Of the array.
    version : int
        How many changes there were, with this one.
    """

    history: History = field(default_factory=lambda: History(np.zeros(0)))
    version: int = 0

    @property
    def places(self) -> np.ndarray[Any, Any]:
        """Where it was changed: positions from 0, column by column."""
        return self.history.changes[self.version - 1][0]

    @property
    def part(self) -> np.ndarray[Any, Any]:
        """What is there now."""
        return self.history.changes[self.version - 1][1]

    def whole(self) -> np.ndarray[Any, Any]:
        """Return the array as it was."""
        found = self.history.first.ravel(order="F").copy()
        for places, part in self.history.changes[: self.version]:
            found[places] = part
        return found.reshape(self.shape, order="F")


def differing(
    before: np.ndarray[Any, Any], now: np.ndarray[Any, Any]
) -> np.ndarray[Any, Any] | None:
    """Return where two arrays differ, as `Changed.places` are; None if too much.

    Parameters
    ----------
    before, now : ndarray
        Of numbers, of one shape.
    """
    by_row = before.flags.c_contiguous and now.flags.c_contiguous
    one, other = (array.ravel(order="C" if by_row else "F") for array in (before, now))
    places = np.flatnonzero(one != other)
    if now.dtype.kind in "fc":
        places = places[~(np.isnan(one[places]) & np.isnan(other[places]))]
    if places.size > MOST * now.size:
        return None
    if not by_row or now.ndim < 2:
        return places
    return np.ravel_multi_index(np.unravel_index(places, now.shape), now.shape, order="F")


def since(before: Any, now: Any) -> Any:
    """Return what was changed of a value since it was another, where both are large arrays."""
    if not (isinstance(before, np.ndarray) and isinstance(now, np.ndarray)) or now.size < LEAST:
        return now
    if before.shape != now.shape or before.dtype != now.dtype or now.dtype.kind not in "biufc":
        return now
    places = differing(before, now)
    if places is None:
        return now
    return History(before).changed(places, now.ravel(order="F")[places])


def whole(value: Any) -> Any:
    """Return a value as it was, also where only what was changed of it is kept."""
    return value.whole() if isinstance(value, Changed) else value
