"""Which lines and branches of both sides of a pair its cases reach.

May import `runner` and all before it.
"""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass

from lockstep.model.coverage import Reach
from lockstep.model.errors import SourceError
from lockstep.project.cases import Case
from lockstep.project.pairs import Pair, ProjectError
from lockstep.runner import Runner
from lockstep.sides.octave import OctaveDiedError
from lockstep.sides.octave_marks import NoMarksError, OctaveMarks, octave_marks
from lockstep.sides.port import PortError
from lockstep.sides.port_marks import PortMarks, port_marks


@dataclass(frozen=True)
class Covered:
    """What one case reached.

    Attributes
    ----------
    case : str
        Its name.
    octave, port : Reach or None
        Of the .m file and of the port's file; None where that side cannot be looked into.
    notes : tuple of str
        Why it cannot, or did not end.
    """

    case: str
    octave: Reach | None = None
    port: Reach | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class PairReach:
    """What the cases of a pair reach, all together.

    Attributes
    ----------
    pair : str
        Its name.
    cases : int
        How many were counted.
    octave, port : Reach or None
        Of the .m file and of the port's file; None where that side cannot be looked into.
    notes : tuple of str
        Why it cannot, and which cases did not end.
    """

    pair: str
    cases: int = 0
    octave: Reach | None = None
    port: Reach | None = None
    notes: tuple[str, ...] = ()

    def with_case(self, one: Covered) -> "PairReach":
        """Return what was reached with another case."""
        counted = one.octave is not None or one.port is not None
        return PairReach(
            self.pair,
            self.cases + counted,
            _either(self.octave, one.octave),
            _either(self.port, one.port),
            tuple(dict.fromkeys((*self.notes, *one.notes))),
        )

    @property
    def share(self) -> float:
        """Lines and branches that were reached, of all: on the side where these are fewer."""
        return min((one.share for one in (self.octave, self.port) if one is not None), default=1.0)


def _either(a: Reach | None, b: Reach | None) -> Reach | None:
    return a | b if a is not None and b is not None else a or b


def covered(runner: Runner, pair: Pair, cases: Mapping[str, Case]) -> Iterator[Covered]:
    """Call both sides with each of some cases of a pair, and say what that reached.

    Ends early where Octave died; whoever wants to know of the cases after it asks again.
    """
    notes: list[str] = []
    with ExitStack() as stack:
        for place, (name, case) in enumerate(cases.items()):
            if place == 0:
                runner.begin_explanation(case)
                octave = _of_octave(runner, pair, stack, notes)
                port = _of_port(runner, pair, stack, notes)
            died = isinstance(runner.octave_outcome(pair, case), OctaveDiedError)
            runner.python_outcome(pair, case, None)
            yield Covered(
                name,
                octave.places.reached(str(pair.m_file), octave.taken())
                if octave is not None and not died
                else None,
                port.places.reached(str(port.file), port.taken()) if port is not None else None,
                (*notes, *([f"Octave did not end in case {name!r}"] if died else [])),
            )
            if died:
                return


def _of_octave(
    runner: Runner, pair: Pair, stack: ExitStack, notes: list[str]
) -> OctaveMarks | None:
    if pair.m_file is None:
        notes.append(f"{pair.name} has no .m file in this project")
        return None
    try:
        return stack.enter_context(octave_marks(runner.octave, pair.m_file))
    except (NoMarksError, ProjectError) as error:
        notes.append(str(error))
        return None


def _of_port(runner: Runner, pair: Pair, stack: ExitStack, notes: list[str]) -> PortMarks | None:
    try:
        return stack.enter_context(port_marks(runner.port, pair))
    except (SourceError, PortError) as error:
        notes.append(f"the port is not looked into: {error}")
        return None
