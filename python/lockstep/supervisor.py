"""Runs a project in an engine of its own, and goes on when that one hangs or dies.

The supervisor never runs a line of the user's: it asks, watches the clock, and reads answers.
What outlasts its limit is ended with all that it started, and the case that was running becomes
an error that says what was running, where, and for how long. May import all folders before it in
the line of `lockstep/__init__.py`, `wire` and `engine`.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from typing import Any, cast

from lockstep import wire
from lockstep.cases_run import CasesRun
from lockstep.compare.case_result import CaseResult, PairResult
from lockstep.compare.plan import PairPlan
from lockstep.compare.verdict import Verdict
from lockstep.covering import Covered, PairReach
from lockstep.engine import Engine
from lockstep.engine_process import END_SECONDS, QUIT_SECONDS, EngineError, EngineProcess
from lockstep.model.identity import RECORDED
from lockstep.model.phases import LIMIT, Now
from lockstep.model.report import Finding
from lockstep.oracles.batches import AHEAD
from lockstep.oracles.choosing import is_recorded
from lockstep.oracles.recorder import Limits, Written
from lockstep.project.cases import CasesError
from lockstep.project.choosing import EVERY_CASE, CaseChoice
from lockstep.project.pairs import Project, ProjectError
from lockstep.reports.trace_text import EVERY_ROW, WIDTH, Selection
from lockstep.sides.octave import OctaveNotFoundError

COVERED_AT_ONCE = 20
"""Cases of which one request asks what they reach: between two, progress is shown."""

PLAN_ERRORS = (ProjectError, CasesError, EngineError)
"""What `Supervisor.plan` may raise."""

_ERRORS = {one.__name__: one for one in (ProjectError, CasesError, OctaveNotFoundError)}


class Supervisor:
    """Both sides of a project, in a process of their own; use it as a context manager.

    Parameters
    ----------
    project : Project
        The two sides and the cases.
    timeout : float, optional
        Seconds that each side of a case may take; by default what the project says.
    in_process : bool
        Run in this process after all, for a debugger; only Octave's time is then limited.

    Attributes
    ----------
    told : callable
        Is told what is being done in a long explanation.
    """

    def __init__(
        self, project: Project, timeout: float | None = None, in_process: bool = False
    ) -> None:
        self.project = project
        self.timeout = timeout or project.timeout or LIMIT
        self.told: Callable[[str], None] = lambda doing: None
        self._local = Engine(project, self.timeout, self._watch) if in_process else None
        self._engine: EngineProcess | None = None
        self._has_octave = False
        self._ran = CasesRun()
        self._pairs: set[str] = set()  # that this engine has run

    @cached_property
    def said(self) -> str:
        """What a report says of where Octave's values come from; empty for a live engine."""
        return RECORDED if is_recorded(self.project) else ""

    def __enter__(self) -> "Supervisor":
        """Return the supervisor; nothing is started yet."""
        return self

    def __exit__(self, *error: object) -> None:
        """End the engine, at once where an error ends the run."""
        self.close(at_once=error[0] is not None)

    def close(self, at_once: bool = False) -> None:
        """End the engine and Octave with it."""
        if self._local is not None:
            self._local.close()
        engine, self._engine = self._engine, None
        if engine is not None:
            engine.end(END_SECONDS if at_once else QUIT_SECONDS, at_once)

    def machine(self) -> dict[str, str]:
        """Say what a run is made with (see `lockstep.doctor`).

        Raises
        ------
        OctaveNotFoundError
            If there is no Octave, or it does not start.
        """
        try:
            found: dict[str, str] = self._answer(wire.GetMachine())
        except EngineError as error:
            raise OctaveNotFoundError(str(error)) from None
        self._has_octave = True
        return found

    def listing(self, pair: str) -> dict[str, tuple[str, ...]]:
        """Return the names of a pair's cases, and the labels under which each is compared.

        Raises
        ------
        ProjectError, CasesError, EngineError
            If there are none, or they cannot be used.
        """
        return dict(self.plan(pair).cases)

    def plan(self, pair: str) -> PairPlan:
        """Return what there is to run of a pair: every case.

        Raises
        ------
        ProjectError, CasesError, EngineError
            If there are no cases, or they cannot be used.
        """
        return cast(PairPlan, self._answer(wire.GetCases(pair)))

    def run_pair(
        self,
        pair: str,
        progress: Callable[[int, int, str], None] = lambda done, total, name: None,
        choice: CaseChoice = EVERY_CASE,
    ) -> list[PairResult]:
        """Run the cases of a pair.

        Parameters
        ----------
        pair : str
            Its name.
        progress : callable
            Called before each case with its number, how many there are, and its name.
        choice : CaseChoice
            Which cases; by default every one.

        Returns
        -------
        list of PairResult
            One for the port, then one for each other Python side, named ``PAIR [SIDE]``; none
            where no case is chosen.
        """
        try:
            plan = self.plan(pair).chosen(choice)
        except PLAN_ERRORS as error:
            return [PairResult(pair, [], str(error))]
        found: dict[str, list[CaseResult]] = {}
        names = list(plan.cases)
        for done, (case, labels) in enumerate(plan.cases.items(), start=1):
            progress(done, len(names), case)
            found[case] = self.run_case(pair, case, labels, names[done : done + AHEAD])
            if choice.stops and not all(result.agrees for result in found[case]):
                break
        return plan.result(found)

    def run_case(
        self, pair: str, case: str, labels: Sequence[str] = (), ahead: Sequence[str] = ()
    ) -> list[CaseResult]:
        """Run one case, under each of the labels of `listing`; by default the port's alone.

        Parameters
        ----------
        pair, case : str, str
            Their names.
        labels : sequence of str
            Labels.
        ahead : sequence of str
            Cases of the pair that will be run next: Octave may be asked for them as well.

        Raises
        ------
        OctaveNotFoundError
            If there is no Octave; where `machine` found one, that is the case's error.
        """
        results = self._case_run(pair, case, labels, ahead)
        if self._is_spoilt_for(pair):
            results = self._case_run(pair, case, labels, ahead)
        self._ran.remember(results)
        return results

    def _is_spoilt_for(self, pair: str) -> bool:
        """End an engine that is spent, or fails after other pairs: one may have spoilt it."""
        engine, is_first = self._engine, self._pairs <= {pair}
        self._pairs.add(pair)
        is_spoilt = engine is not None and engine.is_broken and not is_first
        if is_spoilt or (engine is not None and engine.is_spent):
            self.close(at_once=True)
        return is_spoilt

    def _case_run(
        self, pair: str, case: str, labels: Sequence[str], ahead: Sequence[str]
    ) -> list[CaseResult]:
        labels = list(labels or [pair])
        results: list[CaseResult] = []
        while len(results) < len(labels):
            left = labels[len(results) :]
            try:
                request = wire.RunCase(pair, case, tuple(left), tuple(ahead))
                self.each(request, results.append)
            except (EngineError, CasesError, ProjectError, OctaveNotFoundError) as error:
                if isinstance(error, OctaveNotFoundError) and not self._has_octave:
                    raise
                left = labels[len(results) :]
                is_shared = not isinstance(error, EngineError) or error.phase.runs_octave
                endless = isinstance(error, EngineError) and error.is_endless
                results += [
                    CaseResult(
                        label, case, Verdict.ERROR, problem=str(error), dead=True, endless=endless,
                        oracle=self.said,
                    )
                    for label in (left if is_shared else left[:1])
                ]  # fmt: skip
        return results

    def learn(self, found: Sequence[PairResult]) -> None:
        """Take note of what several supervisors have run: explanations draw on every case."""
        self._ran.learn(found)

    def explain(self, pair: str, case: str) -> wire.Explanation:
        """Say where, and why, a case went wrong, or why nothing can be said."""
        found = self._explained(pair, case)
        return self._explained(pair, case) if self._is_spoilt_for(pair) else found

    def _explained(self, pair: str, case: str) -> wire.Explanation:
        try:
            found: wire.Explanation = self._answer(wire.Explain(pair, self._ran.usable(pair, case)))
        except (EngineError, CasesError, ProjectError, OctaveNotFoundError) as error:
            return wire.Explanation(f"  not explained: {error}")
        return found

    def mend(self, pair: str) -> wire.Mended:
        """Say what is wrong in a pair of which all cases were run, and what mends it.

        Raises
        ------
        ProjectError
            If that cannot be said.
        """
        try:
            found: wire.Mended = self._answer(wire.FindMend(pair, self._ran.usable(pair)))
        except (EngineError, CasesError) as error:
            raise ProjectError(f"{pair} cannot be explained: {error}") from None
        return found

    def trace(
        self,
        pair: str,
        case: str,
        depth: int = 0,
        forced: bool = False,
        selection: Selection = EVERY_ROW,
        width: int = WIDTH,
        found: Finding | None = None,
        with_page: bool = False,
    ) -> wire.Traced:
        """Trace a case, and return the table and whether all agrees.

        Parameters
        ----------
        pair, case : str
            Their names.
        depth : int
            Levels of calls to look into.
        forced : bool
            Whether to look for every place that is wrong in itself.
        selection : Selection
            Which rows of the table to show.
        width : int
            Columns of the table.
        found : Finding, optional
            What is at fault, where that is known: it is not looked for again.
        with_page : bool
            Whether to return also what the page shows.

        Raises
        ------
        ProjectError
            If it cannot be traced.
        """
        request = wire.TraceCase(pair, case, depth, forced, selection, width, found, with_page)
        try:
            traced: wire.Traced = self._answer(request)
        except EngineError as error:
            raise ProjectError(f"{pair} cannot be traced: {error}") from None
        return traced

    def record_case(self, pair: str, case: str, limits: Limits, untraced: str = "") -> str:
        """Record a case, traced unless `untraced` says why not; return why it is left out, if so.

        Raises
        ------
        ProjectError, EngineError
            If it cannot be recorded.
        """
        left_out: str = self._answer(wire.RecordCase(pair, case, limits, untraced))
        return left_out

    def write_recording(self, pair: str) -> Written:
        """Write the recording of a pair whose cases were recorded.

        Raises
        ------
        ProjectError, EngineError
            If that cannot be done.
        """
        written: Written = self._answer(wire.WriteRecording(pair))
        return written

    def cover(
        self, pair: str, progress: Callable[[int, int, str], None] = lambda done, total, name: None
    ) -> PairReach:
        """Say which lines and branches of both sides the cases of a pair reach.

        Raises
        ------
        ProjectError, CasesError, EngineError
            If there are no cases, or they cannot be used.
        """
        cases = list(self.listing(pair))
        reach, left = PairReach(pair), cases
        while left:
            progress(len(cases) - len(left) + 1, len(cases), left[0])
            done: list[Covered] = []
            try:
                self.each(wire.Cover(pair, tuple(left[:COVERED_AT_ONCE])), done.append)
            except EngineError as error:
                lost = left[len(done)]
                done.append(Covered(lost, notes=(f"case {lost!r} is not counted: {error}",)))
            for one in done:
                reach = reach.with_case(one)
            left = left[len(done) :]
        return reach

    def _answer(self, request: Any) -> Any:
        answers: list[Any] = []
        try:
            self.each(request, answers.append)
        except EngineError:
            if not (isinstance(request, wire.GetCases) and self._is_spoilt_for(request.pair)):
                raise
            self.each(request, answers.append)
        return answers[0]

    def each(self, request: Any, take: Callable[[Any], None]) -> None:
        """Give away the answers to a request, as they come.

        Raises
        ------
        ProjectError, CasesError, EngineError, OctaveNotFoundError
            If it cannot be met, or the engine died.
        """
        failure: wire.Failure | None = None
        try:
            for answer in self._asked(request):
                if isinstance(answer, wire.Failure):
                    failure = answer
                else:
                    take(answer)
        except BaseException:
            self.close(at_once=True)
            raise
        if failure is not None:
            raise _ERRORS.get(failure.kind, EngineError)(failure.text)

    def _asked(self, request: Any) -> Iterator[Any]:
        if self._local is not None:
            yield from self._local.answer(request)
            return
        if self._engine is None:
            self._engine, self._pairs = self._new_engine(), set()
            self._engine.told = lambda doing: self.told(doing)
        yield from self._engine.ask(request)

    def _watch(self, now: Now) -> None:
        if now.doing:
            self.told(now.doing)

    def _new_engine(self) -> EngineProcess:
        return EngineProcess(self.project, self.timeout)
