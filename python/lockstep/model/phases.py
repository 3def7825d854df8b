"""What a run is doing at a moment, and for how long it may.

Whoever runs a case announces each phase before it begins; whoever watches ends what outlasts its
limit (see `lockstep.supervisor`). May import the standard library only.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

LIMIT = 60.0
"""Seconds that each side of a case may take."""

START_LIMIT = 20.0
"""Seconds that Octave may take to start at least, however short the limit: the machine's matter.

An engine has as long to start, and to say what it does with a request: none of it is the user's.
"""

EXPLANATION_LIMITS = 2.0
"""How many limits an explanation may take: it calls each side several times."""

GRACE = 3.0
"""Seconds beyond the limit in which a call of Octave is to be ended by its own session."""


class Phase(StrEnum):
    """What is being done, as it is named in an error."""

    ENGINE = "the start of Python"
    REQUEST = "the engine's answer"
    START = "the start of Octave"
    CASES = "the cases file"
    OCTAVE = "Octave's side"
    PORT = "the port"
    COMPARE = "the comparison"
    EXPLAIN = "the explanation"
    RECORD = "the writing of the recording"

    @property
    def runs_octave(self) -> bool:
        """Whether Octave's own session ends this phase when it outlasts the limit."""
        return self in (Phase.START, Phase.OCTAVE)


@dataclass(frozen=True)
class Now:
    """What begins now.

    Attributes
    ----------
    phase : Phase
        What it is.
    limit : float
        Seconds that it may take.
    octave : int or None
        Process id of Octave, whose process group must end with ours.
    number : int
        Which of many it is done for, from 0; -1 where there is one.
    doing : str
        What is being done in it, for whoever waits; empty where the phase says it.
    """

    phase: Phase
    limit: float
    octave: int | None = None
    number: int = -1
    doing: str = ""


def start_limit(limit: float) -> float:
    """Return how long Octave may take to start, where a call may take `limit` seconds."""
    return max(limit, START_LIMIT)


Watch = Callable[[Now], None]
"""Is told what begins."""


def nobody(now: Now) -> None:
    """Watch nothing."""


def seconds_of(limit: float) -> str:
    """Write a limit: ``60 s``, ``1.5 s``."""
    return f"{limit:g} s"
