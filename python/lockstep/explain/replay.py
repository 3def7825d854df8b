"""Proof: the port run again with other values in the place of its own.

May import `model`, `sides`, `forms` and `patience`.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from lockstep.explain.forms import NoFormError, in_form_of
from lockstep.explain.patience import Patience
from lockstep.model.errors import RunawayError
from lockstep.model.execution import Execution
from lockstep.project.cases import Case
from lockstep.sides.alarm import within
from lockstep.sides.port_execution import ObservedPort
from lockstep.sides.recorder import Replacement

STEPS_MORE = 20_000
"""Probes that a replay may pass beyond ten times those of the run itself."""

GRACE = 3.0
"""Seconds that a replay may take beyond the time for all of them."""

RECORDED_SECONDS = 5.0
"""Seconds that one may take of which all is recorded."""

TIMES, MORE_SECONDS = 100, 0.5
"""How many times as long as the port a replay may take at most, with its probes, and how much
longer: one that is sent another way may double an array at each turn."""


class Replayer:
    """Runs one case again with values put in place, and says whether its outputs then agree.

    Parameters
    ----------
    observed : ObservedPort
        The port, with probes.
    case : Case
        The arguments.
    judge : callable
        Says of what the port returned whether every output agrees with Octave's.
    steps : int
        How many nodes the port's own run had: a replay that goes far beyond is stopped.
    patience : Patience
        How long all replays may take.
    held : mapping, optional
        What is put in place in every run, by site.
    seconds : float, optional
        That the port takes without probes, where that is known.
    """

    def __init__(
        self,
        observed: ObservedPort,
        case: Case,
        judge: Callable[[Any], bool],
        steps: int,
        patience: Patience,
        held: Mapping[int, Replacement] | None = None,
        seconds: float = math.inf,
    ) -> None:
        self._observed = observed
        self._case = case
        self._judge = judge
        self._limit = _most_probes(steps)
        self._patience = patience
        self._held = held or {}
        self._most_seconds = TIMES * seconds + MORE_SECONDS
        self.tries = 0

    @property
    def is_over(self) -> bool:
        """Whether the time for replays is over."""
        return self._patience.is_over

    def heals(self, values: Mapping[int, Sequence[Any]]) -> bool:
        """Whether the outputs agree with these values in place.

        Parameters
        ----------
        values : mapping
            By site of the port, what stands in the place of its values, turn by turn. Turns beyond
            keep their own.
        """
        forced: list[int] = []
        changes = {site: in_place(found, forced.append) for site, found in values.items()}
        return self.run(changes) and bool(forced)

    def run(self, replace: Mapping[int, Replacement]) -> bool:
        """Whether the outputs agree when the values of some sites are changed by functions."""
        self.tries += 1
        changes = {**self._held, **replace}
        try:
            with within(min(self._patience.left + GRACE, self._most_seconds)):
                _, reply = self._observed.run(self._case, changes, record=False, limit=self._limit)
        except RunawayError:
            return False
        return not isinstance(reply, Exception) and self._judge(reply.result)

    def record(self, replace: Mapping[int, Replacement]) -> Execution:
        """Return what the port does when the values of some sites are changed."""
        return self._observed.run(self._case, replace, limit=self._limit)[0]


def run_with(
    observed: ObservedPort, case: Case, changes: Mapping[int, Replacement], steps: int
) -> Execution:
    """Return what the port does in a case with other values.

    It is stopped as a replay is, of a run that had so many nodes.
    """
    with within(RECORDED_SECONDS):
        return observed.run(case, changes, limit=_most_probes(steps))[0]


def _most_probes(steps: int) -> int:
    """Say after how many probes a run is stopped, of a port whose own had so many nodes."""
    return 10 * steps + STEPS_MORE


def in_place(values: Sequence[Any], told: Callable[[int], None] = lambda turn: None) -> Replacement:
    """Return what puts values in the place of a site's own, in the form of these, turn by turn.

    Parameters
    ----------
    values : sequence of Any
        One for each turn; turns beyond keep their own, and those where a value has not the form.
    told : callable
        Is told each turn at which a value is put in place.
    """

    def change(turn: int, own: Any) -> Any:
        if turn >= len(values):
            return own
        try:
            found = in_form_of(own, values[turn])
        except NoFormError:
            return own
        told(turn)
        return found

    return change
