"""Proof: the port run again with other values in the place of its own.

May import `model`, `sides` and `forms`.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from lockstep.explain.forms import NoFormError, in_form_of
from lockstep.model.execution import Execution
from lockstep.project.cases import Case
from lockstep.sides.port_execution import ObservedPort
from lockstep.sides.recorder import Replacement

STEPS_MORE = 20_000
"""Probes that a replay may pass beyond ten times those of the run itself."""


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
    deadline : float
        When to stop, as `time.monotonic` has it.
    """

    def __init__(
        self,
        observed: ObservedPort,
        case: Case,
        judge: Callable[[Any], bool],
        steps: int,
        deadline: float,
    ) -> None:
        self._observed = observed
        self._case = case
        self._judge = judge
        self._limit = 10 * steps + STEPS_MORE
        self._deadline = deadline
        self.tries = 0

    @property
    def is_over(self) -> bool:
        """Whether the time for replays is over."""
        return time.monotonic() > self._deadline

    def heals(self, values: Mapping[int, Sequence[Any]]) -> bool:
        """Whether the outputs agree with these values in place.

        Parameters
        ----------
        values : mapping
            By site of the port, what stands in the place of its values, turn by turn. Turns beyond
            keep their own.
        """
        forced = [0]

        def put(own_values: Sequence[Any]) -> Replacement:
            def change(turn: int, own: Any) -> Any:
                if turn >= len(own_values):
                    return own
                try:
                    found = in_form_of(own, own_values[turn])
                except NoFormError:
                    return own
                forced[0] += 1
                return found

            return change

        return self.run({site: put(found) for site, found in values.items()}) and forced[0] > 0

    def run(self, replace: Mapping[int, Replacement]) -> bool:
        """Whether the outputs agree when the values of some sites are changed by functions."""
        self.tries += 1
        _, reply = self._observed.run(self._case, replace, record=False, limit=self._limit)
        return not isinstance(reply, Exception) and self._judge(reply.result)

    def record(self, replace: Mapping[int, Replacement]) -> Execution:
        """Return what the port does when the values of some sites are changed."""
        return self._observed.run(self._case, replace, limit=self._limit)[0]
