"""The cases that changes are run on: whether they agree, and when a run of one is given up.

May import `sides` and `model`.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

from lockstep.model.errors import is_same_error
from lockstep.project.cases import Case
from lockstep.sides.mended import RUN_SECONDS, MendedPort
from lockstep.sides.port import PortReply

STEPS = 200_000
"""Probes after which a run is stopped where the steps of the port's own run are not known."""

TIMES, MORE_STEPS, MORE_SECONDS = 10, 20_000, 0.5
"""How many times as long as the port as it is a run with a change may be, and how much longer."""

SECONDS_WHERE_RAISED = 2.0
"""Time for a run where the port as it is raises an error, and may have gone on for long."""


class TriedCase(Protocol):
    """A case of the pair, whether or not it agrees without a change."""

    @property
    def case(self) -> Case:
        """The arguments."""
        ...

    @property
    def agrees(self) -> Callable[[Any], bool]:
        """Says of a result of the port whether every output agrees with Octave's."""
        ...

    @property
    def is_made(self) -> bool:
        """Whether it is none of the pair's own."""
        ...

    @property
    def raised(self) -> str | None:
        """What Octave's error says; None where it raises none."""
        ...

    @property
    def is_endless(self) -> bool:
        """Whether the port as it is does not end."""
        ...

    @property
    def agrees_live(self) -> Callable[[Any], bool] | None:
        """Says so by what rounding does to a changed port, while it is live; None for nothing."""
        ...


@runtime_checkable
class Varied(Protocol):
    """A case that comes with others like it."""

    def others(self) -> Sequence[TriedCase]:
        """Return cases with other arguments of the same kind, of which Octave gives a result."""
        ...

    def wider(self) -> Sequence[TriedCase]:
        """Return cases with other sizes, too."""
        ...


@dataclass(frozen=True)
class Limit:
    """After how many probes, and how many seconds, a run of a changed port is given up."""

    steps: int
    seconds: float


def limit_of(
    unchanged: MendedPort, tried: TriedCase, steps: int, seconds: float = RUN_SECONDS
) -> Limit:
    """Say what a run of a case may take: no change makes it so much longer than it is without one.

    Parameters
    ----------
    unchanged : MendedPort
        The port as it is, live.
    tried : TriedCase
        The case.
    steps : int
        Probes after which the port as it is is stopped.
    seconds : float
        Time after which it is.
    """
    if tried.is_endless:  # the steps are ten times those after which it was stopped
        return Limit(steps // TIMES, MORE_SECONDS)
    begins = time.perf_counter()
    reply = unchanged.run(tried.case, steps, seconds=seconds)
    limit = Limit(
        TIMES * unchanged.steps + MORE_STEPS,
        TIMES * (time.perf_counter() - begins) + MORE_SECONDS,
    )
    if isinstance(reply, Exception) and tried.raised is None:
        return Limit(max(limit.steps, STEPS), max(limit.seconds, SECONDS_WHERE_RAISED))
    return limit


def agrees_with(reply: PortReply | Exception, tried: TriedCase) -> bool:
    """Whether the outcome of a changed port, while it is live, is that of Octave in a case."""
    if tried.raised is not None:
        return isinstance(reply, Exception) and is_same_error(tried.raised, reply)
    if tried.case.raises is not None:
        return False  # the case says that Octave raises an error, and it does not
    if isinstance(reply, Exception) or reply.changed:
        return False
    live = tried.agrees_live
    return tried.agrees(reply.result) or (live is not None and live(reply.result))
