"""What probes do in a run of which not all is kept: they sum it up, keep a part of it, or pass.

May import `model` and `sources.python_expressions`.
"""

from collections.abc import Callable, Container
from typing import Any

import numpy as np

from lockstep.model.errors import RunawayError
from lockstep.model.summed import Blocks, Window, weights
from lockstep.sources.python_expressions import (
    BOUND,
    CAUGHT,
    CHANGED,
    ENTER,
    JUMP,
    RETURN,
    STEP,
    TEST,
    VALUE,
)

Probe = Callable[[int, int, Any], Any]
"""Of a value: is told the call, the site, and the value, and returns what is to stand there."""

PROBES_OF_A_STEP = 10
"""How many probes a turn of a loop, or a call, counts for, where nothing else in it is counted."""

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
        self._weights = weights(size)
        self.restart()

    def restart(self) -> None:
        """Forget what was summed up."""
        self.blocks = Blocks(self._weights.size)
        self._open: dict[int, list[float]] = {}
        self._larger: dict[int, float] = {}
        self._count = 0

    def bound(self, frame: int, site: int, value: Any) -> Any:
        """Count a value that a site bound, and return it."""
        self._count += 1
        values = self._open.get(site)
        if values is None:
            values = self._open[site] = []
        if value.__class__ is float or (value.__class__ is int and -EXACT_INT < value < EXACT_INT):
            values.append(value)
        else:
            number, size = _summed(value)
            values.append(number)
            if size > abs(number):
                self._larger[site] = self._larger.get(site, 0.0) + size - abs(number)
        if len(values) == self.blocks.size:
            self._end(site)
        return value

    def finish(self) -> Blocks:
        """End the blocks that are not full, and return all."""
        for site in list(self._open):
            self._end(site)
        return self.blocks

    def _end(self, site: int) -> None:
        """End a block; its sum of sizes is that of its numbers, and what arrays have more."""
        numbers = np.array(self._open.pop(site), float)
        sizes = np.nan_to_num(np.abs(numbers), nan=1.0, posinf=1.0)
        numbers = np.nan_to_num(numbers, nan=0.7, posinf=1.3, neginf=-1.7)
        larger = self._larger.pop(site, 0.0)
        found = float(numbers @ self._weights[: numbers.size]), float(sizes.sum()) + larger
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
    sites : int
        How many sites there are.

    Attributes
    ----------
    before : list of int
        How many values each site gave before the part.
    """

    def __init__(self, window: Window, keep: Callable[[bool], None], sites: int) -> None:
        self._window = window
        self._keep = keep
        self._count = 0
        self._after = 0
        self.before = [0] * sites

    @property
    def passed(self) -> int:
        """How many values there were before the part, and after it."""
        return sum(self.before) + self._after

    def begin(self) -> None:
        """Say whether the part begins at once."""
        self._keep(self._window.first == 0)

    def see(self, site: int) -> None:
        """Count a value that passes none of the probes of `passing`."""
        if self._count < self._window.first:
            self.before[site] += 1

    def bound(self, site: int) -> None:
        """Count a value that a site has bound, after it was recorded."""
        if site != self._window.site:
            return
        self._count += 1
        if self._count == self._window.first:
            self._keep(True)
        elif self._count == self._window.last:
            self._keep(False)

    def passing(self, through: Probe | None) -> dict[str, Probe]:
        """Return the probes of values outside of the part.

        Parameters
        ----------
        through : callable or None
            The probe of a value in a run of which nothing is recorded; None where that would
            neither put another value in its place nor stop the run.
        """
        before, bound_in_part = self.before, self._window.site

        def passed(frame: int, site: int, value: Any) -> Any:
            before[site] += 1
            return through(frame, site, value) if through else value

        def bound(frame: int, site: int, value: Any) -> Any:
            before[site] += 1
            if through:
                value = through(frame, site, value)
            if site == bound_in_part:
                self.bound(site)
            return value

        def after(frame: int, site: int, value: Any) -> Any:
            self._after += 1
            return through(frame, site, value) if through else value

        if self._count >= self._window.last:
            return {VALUE: after, BOUND: after, TEST: after}
        return {VALUE: passed, BOUND: bound, TEST: passed}


def passing(
    replaced: Container[int], put: Callable[[int, Any], Any], limit: int
) -> tuple[dict[str, Callable[..., Any]], Callable[[], int]]:
    """Return the probes of a run of which nothing is recorded, and what counts those passed.

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
        left -= 1
        if not left:
            raise RunawayError(BEYOND.format(limit))
        return put(site, value) if site in replaced else value

    def step() -> None:
        nonlocal left
        before, left = left, left - PROBES_OF_A_STEP
        if left <= 0 < before:
            raise RunawayError(BEYOND.format(limit))

    def jump(site: int, own: bool) -> bool:
        return bool(passed(0, site, own))

    def count() -> int:
        return (limit or -1) - left

    probes: dict[str, Callable[..., Any]] = {
        ENTER: lambda function: 0,
        VALUE: passed,
        BOUND: passed,
        TEST: passed,
        RETURN: passed,
        CHANGED: _nothing,
        CAUGHT: _nothing,
        JUMP: jump,
        STEP: step,
    }
    return probes, count


def _nothing(*seen: Any) -> None:
    """See nothing."""
