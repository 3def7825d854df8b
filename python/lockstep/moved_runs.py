"""The runs of a case in which one side rounds otherwise: which, and how long they may take.

May import `both_sides` and all before it.
"""

import contextlib
from collections.abc import Callable, Generator, Iterator, Sequence
from typing import Any

import numpy as np

from lockstep.both_sides import BothSides
from lockstep.compare.floor import NUDGED_RUNS, PERTURBED_RUNS, is_beyond
from lockstep.compare.leaves import Leaf
from lockstep.compare.verdict import LeafResult, Verdict
from lockstep.model.errors import RunawayError
from lockstep.model.phases import Phase
from lockstep.oracles.live import OCTAVE_RUNS
from lockstep.project.cases import Case
from lockstep.project.pairs import Pair
from lockstep.sides.alarm import within
from lockstep.sides.octave import OctaveDiedError, Reply

CHEAP_RUNS = 3
"""How often the port is run with nudged arguments alone, before all others: they cost no more than
the call, and settle what is far from being nothing but rounding (see `LeafResult.is_clear`)."""

MORE_RUNS = 20
"""Further perturbed runs where a decision may be what differs, and Octave's value was not among
those given: one that goes either way is missed by all of them once in a million times."""

CLEAR_SECONDS = 4.0
"""After so much of the processor's time, or `SLOWER` times as long by the clock (after so much of
that, in Octave), no further run is begun where the difference is beyond what rounding explains by
those before, few as they are."""

PORT_SLOWER = 30.0
"""How many times as long a port may take where each operation of its scalars is moved."""

PORT_SECONDS = 4.0
"""And so long beyond; no longer than half of its limit."""

MOST_ENDLESS = 2
"""So many runs that do not end in that time are borne, and no more of the kind is begun then: what
goes on until nothing changes may go round in a circle where it rounds otherwise."""

OCTAVE_SECONDS, OCTAVE_SLOWER = 20.0, 8.0
"""How long Octave may take where its arithmetic is moved: so long, or so many times as before."""

FEW_RUNS = (
    "judged by {} runs that round otherwise, as they take long: a decision that rounding takes "
    "either way may not have shown in them"
)

ENDLESS = "a run of the port that rounds otherwise did not end within {:.3g} s"

NOT_MEASURED = "how far Octave's own rounding moves it was not measured: {}"


class MovedRuns:
    """Runs one case with its numbers moved.

    Parameters
    ----------
    both : BothSides
        Both sides.
    pair, case : Pair, Case
        What is run.
    side : callable or None
        The Python side; None for the port.
    octave : Reply
        Octave's answer.
    seconds : float
        How long the Python side took.

    Attributes
    ----------
    unmeasured : str
        What of the rounding was not measured; empty for nothing.
    """

    def __init__(
        self,
        both: BothSides,
        pair: Pair,
        case: Case,
        side: Callable[..., Any] | None,
        octave: Reply,
        seconds: float,
    ) -> None:
        self._both = both
        self._pair = pair
        self._case = case
        self._side = side
        self._octave = octave
        self._seconds = seconds
        self._endless = 0
        self.unmeasured = ""

    @property
    def _limit(self) -> float:
        return self._case.timeout or self._both.timeout

    def of_port(self, kind: str, number: int, single: bool) -> list[Leaf] | None:
        """Run the port; None where it refuses the numbers.

        Parameters
        ----------
        kind : str
            What is moved: ``arguments``, what is computed inside (``perturbed``), or both
            (``nudged``).
        number : int
            Number of the repetition.
        single : bool
            Whether single numbers are moved, too.
        """
        both = self._both
        if kind != "arguments" and self._endless == MOST_ENDLESS:
            return None
        call = {
            "arguments": both.port.call_with_nudged_arguments,
            "perturbed": both.port.call_perturbed,
            "nudged": both.port.call_nudged,
        }[kind]
        slower = PORT_SLOWER * self._seconds
        both.now(Phase.PORT, self._limit + slower)
        seconds = min(PORT_SECONDS, self._limit / 2) + slower
        try:
            with within(seconds, memory=None):
                result = call(self._pair, self._case, number, self._side, single)
            return [leaf for _, leaf in self.leaves(result)]
        except RunawayError:
            self._endless += 1
            if self._endless == 1:
                self.note(ENDLESS.format(seconds))
            return None
        except Exception:
            return None  # a port may refuse moved numbers: no floor comes of them
        finally:
            both.now(Phase.COMPARE, self._limit)

    def of_octave(self) -> Generator[dict[str, Any], None, None]:
        """Yield the leaves by name as Octave gives them, as far as it does so in time."""
        oracle, outputs = self._both.oracle, self._octave.outputs
        self._both.now(Phase.OCTAVE, OCTAVE_RUNS * self._limit)
        slow = max(OCTAVE_SECONDS, OCTAVE_SLOWER * self._octave.seconds)
        oracle.timeout = min(self._limit, slow)
        try:
            with contextlib.closing(oracle.rounded(self._pair, self._case, outputs)) as runs:
                yield from runs
        except OctaveDiedError as error:
            self.note(NOT_MEASURED.format(error))
        finally:
            oracle.timeout = self._limit

    def leaves(self, result: Any) -> Iterator[tuple[str, Leaf]]:
        """Pair the leaves of Octave's answer and of another."""
        return self._both.leaves(self._pair, self._case, self._side, self._octave.outputs, result)

    def note(self, text: str) -> None:
        """Say also this of what was not measured."""
        self.unmeasured = "; ".join(filter(None, [self.unmeasured, text]))


def plan(is_measured: bool) -> Iterator[tuple[str, int]]:
    """Say which runs of the port there are, in their order.

    Parameters
    ----------
    is_measured : bool
        Whether some argument can be nudged.
    """
    for kind, first, last in (
        ("arguments", NUDGED_RUNS, NUDGED_RUNS + CHEAP_RUNS * is_measured),
        ("perturbed", 0, PERTURBED_RUNS),
        ("nudged", 0, NUDGED_RUNS),
        ("perturbed", PERTURBED_RUNS, PERTURBED_RUNS + MORE_RUNS),
    ):
        for number in range(first, last):
            yield kind, number


def is_wrong(
    result: LeafResult, runs: Sequence[np.ndarray[Any, Any]], of_octave: bool = False
) -> bool:
    """Whether a leaf is wrong, few as the runs are.

    Parameters
    ----------
    result : LeafResult
        As it is judged by them.
    runs : sequence of ndarray
        What the leaf was in the runs of the port, or of Octave.
    of_octave : bool
        Which of the two.
    """
    if result.verdict is not Verdict.DIFFERENT or result.distance is None:
        return False
    own = result.leaf.octave if of_octave else result.leaf.python
    return is_beyond(result.distance.absolute, own, runs)
