"""Both sides of a project, ready to be called, and what the cases files say of a pair.

May import `compare`, `project`, `sides` and `oracles`.
"""

import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from types import TracebackType
from typing import Any, Self

from lockstep.compare.leaves import Leaf
from lockstep.compare.outputs import output_leaves, variable_leaves
from lockstep.model.phases import EXPLANATION_LIMITS, LIMIT, Now, Phase, Watch, nobody, start_limit
from lockstep.oracles.choosing import new_oracle
from lockstep.oracles.live import LiveOracle
from lockstep.oracles.oracle import BatchError, Oracle
from lockstep.project.captured import captured_cases
from lockstep.project.cases import Case, CasesError, CasesFile, load_cases
from lockstep.project.deviations import EVERY, FILE, load_deviations, unknown_cases
from lockstep.project.pairs import Pair, Project, ProjectError
from lockstep.sides.octave import Reply
from lockstep.sides.port import Port, PortReply
from lockstep.sides.session import Session


class BothSides:
    """Octave and the port; use it as a context manager, or close it.

    Parameters
    ----------
    project : Project
        The two sides and the cases.
    timeout : float, optional
        Seconds that each call of Octave may take; by default what the project says. Only an
        engine of its own can end a port (see `lockstep.supervisor`).
    watch : callable
        Is told what begins.

    Attributes
    ----------
    lacking : frozenset of str or None
        Outputs that the port which is explained does not return, and need not; None where that is
        not known, so that it need not return any but what it does.
    """

    def __init__(
        self, project: Project, timeout: float | None = None, watch: Watch = nobody
    ) -> None:
        self.project = project
        self.timeout = timeout or project.timeout or LIMIT
        self._watch = watch
        self.oracle: Oracle = new_oracle(project, self.timeout)
        self.port = Port(project)
        self.lacking: frozenset[str] | None = frozenset()
        self._names: dict[str, dict[str, str]] = {}

    def __enter__(self) -> Self:
        """Return the two sides; Octave is not started yet."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End Octave."""
        self.close()

    def close(self) -> None:
        """End Octave."""
        self.oracle.close()

    @property
    def octave(self) -> Session:
        """The live session, for what the oracle does not offer.

        Raises
        ------
        ProjectError
            If there is none: the values come from a recording.
        """
        if isinstance(self.oracle, LiveOracle):
            return self.oracle.session
        raise ProjectError("there is no live Octave: its values come from a recording")

    def begin_explanation(self, case: Case, doing: str = "") -> None:
        """Let Octave start, and the time of an explanation begin, or of a part of a long one.

        Parameters
        ----------
        case : Case
            What is explained.
        doing : str
            What is done in that part, for whoever waits.
        """
        limit = case.timeout or self.timeout
        self._start_octave(case)
        self.now(Phase.EXPLAIN, EXPLANATION_LIMITS * limit, doing=doing)

    def names(self, pair: Pair) -> Mapping[str, str]:
        """Return what the cases file declares of a pair's variables: the port's by Octave's."""
        return self._names.get(pair.name, {})

    def cases(self, pair: Pair) -> CasesFile:
        """Read the cases of a pair, and its other Python sides.

        Raises
        ------
        ProjectError
            If there is no cases file.
        CasesError
            If it cannot be used.
        """
        file = self.project.cases_file(pair)
        if not file.is_file():
            raise ProjectError(f"{pair.name} has no cases: write {file}")
        found = load_cases(file, captured_cases(file))
        self.port.declare(pair, found.conventions)
        self._names[pair.name] = found.names
        reasons = self.deviations.get(pair.name, {})
        strange = unknown_cases(reasons, found.cases, pair.name, self.project.cases)
        if strange:
            raise CasesError(strange)
        return replace(found, cases=dict(self.oracle.adopted(pair, found.cases)))

    @cached_property
    def deviations(self) -> dict[str, dict[str, str]]:
        """What the cases folder says of cases that are to deviate: reasons by pair, and case."""
        found = load_deviations(self.project.cases)
        for name in found:
            try:
                own = self.project.pair(name).name
            except ProjectError as error:
                raise CasesError(f"{self.project.cases / FILE}: {error}") from None
            if own != name:
                raise CasesError(f"{self.project.cases / FILE}: the pair {name!r} is called {own}")
        return found

    def deviation(self, pair: Pair) -> str:
        """Return why every case of a pair is to deviate; empty where that is not said."""
        return self.deviations.get(pair.name, {}).get(EVERY, "")

    def leaves(
        self,
        pair: Pair,
        case: Case,
        side: Callable[..., Any] | None,
        octave: list[Any],
        result: Any,
    ) -> Iterator[tuple[str, Leaf]]:
        """Pair the leaves of what both sides gave, by the conventions of the pair."""
        if pair.is_script:
            return variable_leaves(octave[0], result)
        complete = case.nargout is not None and case.nargout > 1
        outputs = self.port.adapter(pair, side).outputs(result, octave, complete)
        return output_leaves(pair, case, octave, outputs)

    def octave_outcome(
        self, pair: Pair, case: Case, ahead: Sequence[Case] = ()
    ) -> Reply | Exception:
        """Call the Octave side of a case; an error of it is returned.

        Parameters
        ----------
        pair, case : Pair, Case
            The case.
        ahead : sequence of Case
            Cases of the pair that will be asked for next: those with the same limit may be called
            in the same exchange with Octave.
        """
        alike = list(itertools.takewhile(lambda other: other.timeout == case.timeout, ahead))
        try:
            return self._asked(pair, case, alike)
        except BatchError:
            return self._asked(pair, case, [])

    def octave_within(self, pair: Pair, case: Case, seconds: float) -> Reply | Exception:
        """Call the Octave side of a case that was made, for which Octave may run on and on.

        Octave is ended after so many seconds, and nothing else: an error of that is returned.
        """
        self._start_octave(case)
        self.oracle.timeout = seconds
        self.now(Phase.EXPLAIN, seconds + EXPLANATION_LIMITS * (case.timeout or self.timeout))
        return self.oracle.outcome(pair, case)

    def _asked(self, pair: Pair, case: Case, ahead: Sequence[Case]) -> Reply | Exception:
        self._start_octave(case)
        self.now(Phase.OCTAVE, case.timeout or self.timeout)
        return self.oracle.outcome(pair, case, ahead)

    def python_outcome(
        self, pair: Pair, case: Case, side: Callable[..., Any] | None = None
    ) -> PortReply | Exception:
        """Call the port, or another Python side, with a case; an error of it is returned."""
        self.now(Phase.PORT, case.timeout or self.timeout)
        try:
            return self.port.call(pair, case, side)
        except Exception as error:
            return error
        finally:
            self.now(Phase.COMPARE, case.timeout or self.timeout)

    def _start_octave(self, case: Case) -> None:
        """Start Octave, if it does not run, and give it the limit of a case."""
        limit = case.timeout or self.timeout
        self.oracle.timeout = limit
        if self.oracle.pid is None:
            self.now(Phase.START, start_limit(limit))
            self.oracle.start()

    def now(self, phase: Phase, limit: float, number: int = -1, doing: str = "") -> None:
        """Tell who watches what begins, for which of many, and what is being done."""
        self._watch(Now(phase, limit, self.oracle.pid, number, doing))
