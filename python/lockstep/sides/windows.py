"""What a recorder does in a run that is too long to be kept: it sums it up, or keeps a part of it.

May import `model`.
"""

from collections.abc import Callable, Container
from typing import Any

import numpy as np

from lockstep.model.errors import RunawayError
from lockstep.model.summed import Blocks, Window, weights

BEYOND = "it went on for {} steps, far beyond the run before"
"""Why a run is stopped."""

EXACT_INT = 2**53
"""Integers from here on are no doubles, and are not summed up."""


class Summing:
    """Sums up what a port binds.

    Parameters
    ----------
    size : int
        Values of a block.

    Attributes
    ----------
    blocks : Blocks
        The blocks that have ended.
    """

    def __init__(self, size: int) -> None:
        self.blocks = Blocks(size)
        self._weights = weights(size)
        self._open: dict[int, tuple[list[float], list[float]]] = {}
        self._count = 0

    def see(self, site: int) -> None:
        """Count nothing: only what is bound is summed up."""

    def bound(self, site: int, value: Any) -> None:
        """Count a value that a site bound."""
        self._count += 1
        kept = self._open.get(site)
        if kept is None:
            kept = self._open[site] = ([], [])
        if type(value) is float or (type(value) is int and -EXACT_INT < value < EXACT_INT):
            kept[0].append(value)
            kept[1].append(abs(value))
        else:
            number, size = _summed(value)
            kept[0].append(number)
            kept[1].append(size)
        if len(kept[0]) == self.blocks.size:
            self._end(site)

    def finish(self) -> Blocks:
        """End the blocks that are not full, and return all."""
        for site in list(self._open):
            self._end(site)
        return self.blocks

    def _end(self, site: int) -> None:
        values, sizes = self._open.pop(site)
        numbers = np.nan_to_num(np.array(values, float), nan=0.7, posinf=1.3, neginf=-1.7)
        size = np.nan_to_num(np.array(sizes, float), nan=1.0, posinf=1.0)
        found = float(numbers @ self._weights[: numbers.size]), float(size.sum())
        self.blocks.sums.setdefault(site, []).append(found)
        self.blocks.times.setdefault(site, []).append(self._count)


def _summed(value: Any) -> tuple[float, float]:
    """Return a value as one number, and its size; 0 where it has no numbers."""
    if isinstance(value, int) and abs(value) >= EXACT_INT:
        return 0.0, 0.0
    if isinstance(value, (int, np.bool_, np.integer, np.floating)):
        return float(value), abs(float(value))
    if isinstance(value, (complex, np.complexfloating)):
        value = np.array([value])
    if not isinstance(value, np.ndarray) or value.dtype.kind not in "biufc":
        return 0.0, 0.0
    found = np.asarray(value.ravel(order="F"))
    if value.dtype.kind == "c":
        found = found.real + 0.61 * found.imag
    flat = np.nan_to_num(found.astype(float), nan=0.7, posinf=1.3, neginf=-1.7)
    return float(flat @ weights(flat.size)), float(np.abs(flat).sum())


class Keeping:
    """Tells when a part of a run begins and ends.

    Parameters
    ----------
    window : Window
        The part.
    keep : callable
        Is told whether what follows is kept.

    Attributes
    ----------
    before : dict
        How many values each site gave before the part.
    passed : int
        How many values there were in all.
    """

    def __init__(self, window: Window, keep: Callable[[bool], None]) -> None:
        self._window = window
        self._keep = keep
        self._count = 0
        self.before: dict[int, int] = {}
        self.passed = 0
        self._is_before = window.first > 0
        keep(not self._is_before)

    def see(self, site: int) -> None:
        """Count a value that a site gives."""
        self.passed += 1
        if self._is_before:
            self.before[site] = self.before.get(site, 0) + 1

    def bound(self, site: int, value: Any) -> None:
        """Count a value that a site has bound, after it was recorded."""
        if site != self._window.site:
            return
        self._count += 1
        if self._count == self._window.first:
            self._is_before = False
            self._keep(True)
        elif self._count == self._window.last:
            self._keep(False)


def passing(
    replaced: Container[int], put: Callable[[int, Any], Any], limit: int
) -> Callable[[int, int, Any], Any]:
    """Return the probe of a value where nothing is recorded: it costs a third of one that does.

    Parameters
    ----------
    replaced : container of int
        Sites whose values are replaced.
    put : callable
        Gives the value in place of a site's own.
    limit : int
        Values after which the port is stopped as running away; 0 for none.
    """
    left = limit or -1

    def passed(frame: int, site: int, value: Any) -> Any:
        nonlocal left
        if site in replaced:
            return put(site, value)
        left -= 1
        if not left:
            raise RunawayError(BEYOND.format(limit))
        return value

    return passed
