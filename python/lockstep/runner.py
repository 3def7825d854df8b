"""Runs the cases of a pair on both sides and gives each a verdict.

May import all folders before it in the line of `lockstep/__init__.py`.
"""

import re
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import cached_property
from types import TracebackType
from typing import Any

import numpy as np

from lockstep.compare.case_result import CaseResult, PairResult, deviating
from lockstep.compare.leaves import Leaf, distance
from lockstep.compare.outputs import output_leaves, variable_leaves
from lockstep.compare.raised import compare_errors
from lockstep.compare.tolerance import tolerated
from lockstep.compare.verdict import (
    MARGIN,
    MORE_RUNS,
    MORE_SECONDS,
    NUDGED_RUNS,
    PERTURBED_RUNS,
    LeafResult,
    Verdict,
    judge,
    worst,
)
from lockstep.explain.trace import TraceComparison, Tracer
from lockstep.model.phases import EXPLANATION_LIMITS, LIMIT, Now, Phase, Watch, nobody, start_limit
from lockstep.oracles.choosing import new_oracle
from lockstep.oracles.live import OCTAVE_RUNS, LiveOracle
from lockstep.oracles.oracle import Oracle
from lockstep.oracles.recorded import LeftOutError
from lockstep.project.cases import (
    Case,
    CasesError,
    CasesFile,
    Function,
    load_cases,
    map_leaves,
)
from lockstep.project.deviations import EVERY, load_deviations, unknown_cases
from lockstep.project.pairs import Pair, Project, ProjectError
from lockstep.sides.octave import OctaveDiedError, OctaveSession, Reply
from lockstep.sides.port import Port, PortReply
from lockstep.sides.session import Session
from lockstep.sources.m_source import blanked


class Runner:
    """Both sides of a project, ready to be called; use it as a context manager, or close it.

    Parameters
    ----------
    project : Project
        The two sides and the cases.
    measure_all : bool
        Nudge as often as can be, also where the difference is seen to be rounding before.
    timeout : float, optional
        Seconds that each call of Octave may take; by default what the project says. Only an
        engine of its own can end a port (see `lockstep.supervisor`).
    watch : callable
        Is told what begins.
    """

    def __init__(
        self,
        project: Project,
        measure_all: bool = False,
        timeout: float | None = None,
        watch: Watch = nobody,
    ) -> None:
        self.project = project
        self._measure_all = measure_all
        self.timeout = timeout or project.timeout or LIMIT
        self._watch = watch
        self.oracle: Oracle = new_oracle(project, self.timeout)
        self.port = Port(project)
        self._tracer: Tracer | None = None

    def __enter__(self) -> "Runner":
        """Return the runner; Octave is not started yet."""
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

    def trace(
        self, pair: Pair, name: str, case: Case, depth: int = 0, forced: bool = False
    ) -> TraceComparison:
        """Trace a case on both sides, statement by statement, and compare.

        Parameters
        ----------
        pair, name, case : Pair, str, Case
            What to trace.
        depth : int
            How many levels of calls to follow into functions that are pairs themselves.
        forced : bool
            Start each statement of the port from Octave's values.

        Raises
        ------
        SourceError, ProjectError
            If a side has no source to be traced.
        OctaveError
            If Octave raises an error before the function is entered.
        """
        if self._tracer is None:
            session = self.octave
            if not isinstance(session, OctaveSession):
                raise ProjectError(f"{pair.name} cannot be traced: tracepoints are Octave's")
            self._tracer = Tracer(session, self.port, self._declared_names)
        return self._tracer.compare(pair, name, case, self._called(pair, case, depth), forced)

    def begin_explanation(self, case: Case) -> None:
        """Let Octave start, and the time of an explanation begin."""
        limit = case.timeout or self.timeout
        self._start_octave(case)
        self.now(Phase.EXPLAIN, EXPLANATION_LIMITS * limit)

    def _declared_names(self, pair: Pair) -> dict[str, str]:
        file = self.project.cases_file(pair)
        return load_cases(file).names if file.is_file() else {}

    def _called(self, pair: Pair, case: Case, depth: int) -> list[Pair]:
        """Return the pairs that a pair's .m file names, and those that these name, and so on."""
        traceable = {
            other.name: other
            for other in self.project.pairs()
            if other.m_file and not other.is_script and self.project.has_port(other)
        }
        handles = {a.pair for a in case.args if isinstance(a, Function) and a.pair}
        found: dict[str, Pair] = {}
        level = [pair]
        for step in range(depth):
            words = set(handles) if step == 0 else set()
            for one in level:
                text = (
                    one.m_file.read_text(encoding="utf-8", errors="replace") if one.m_file else ""
                )
                words |= set(re.findall(r"\w+", blanked(text)))
            level = [traceable[name] for name in sorted(words & traceable.keys() - found.keys())]
            found |= {one.name: one for one in level if one.name != pair.name}
        return list(found.values())

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
        found = load_cases(file)
        self.port.declare(pair, found.conventions)
        reasons = self._deviations.get(pair.name, {})
        strange = unknown_cases(reasons, found.cases, pair.name, self.project.cases)
        if strange:
            raise CasesError(strange)
        return replace(found, cases=dict(self.oracle.adopted(pair, found.cases)))

    @cached_property
    def _deviations(self) -> dict[str, dict[str, str]]:
        return load_deviations(self.project.cases)

    def deviation(self, pair: Pair) -> str:
        """Return why every case of a pair is to deviate; empty where that is not said."""
        return self._deviations.get(pair.name, {}).get(EVERY, "")

    def run_pair(
        self, pair: Pair, progress: Callable[[int, int, str], None] = lambda done, total, name: None
    ) -> list[PairResult]:
        """Run every case of a pair.

        Parameters
        ----------
        pair : Pair
            The pair.
        progress : callable
            Called before each case with its number, how many there are, and its name.

        Returns
        -------
        list of PairResult
            One for the port, then one for each other Python side, named ``PAIR [SIDE]``.
        """
        try:
            found = self.cases(pair)
        except Exception as error:
            return [PairResult(pair.name, [], str(error))]
        sides: dict[str, Callable[..., Any] | None] = {pair.name: None}
        sides |= {f"{pair.name} [{name}]": side for name, side in found.sides.items()}
        results = {label: PairResult(label, []) for label in sides}
        for done, (name, case) in enumerate(found.cases.items(), start=1):
            progress(done, len(found.cases), name)
            compared = {k: side for k, side in sides.items() if side is None or not case.raises}
            for result in self.run_sides(pair, name, case, compared):
                results[result.pair].cases.append(result)
        results[pair.name] = results[pair.name].with_deviation(self.deviation(pair))
        return list(results.values())

    def run_sides(
        self, pair: Pair, name: str, case: Case, sides: Mapping[str, Callable[..., Any] | None]
    ) -> Iterator[CaseResult]:
        """Run one case in Octave once, and on each of several Python sides.

        Parameters
        ----------
        pair, name, case : Pair, str, Case
            What to run.
        sides : mapping
            Python functions by the label that names them in the result; None for the port.
        """
        octave = self.octave_outcome(pair, case)
        for label, side in sides.items():
            yield self._compared(pair, name, case, octave, side, label)

    def run_case(
        self, pair: Pair, name: str, case: Case, side: Callable[..., Any] | None = None
    ) -> CaseResult:
        """Run one case on both sides and compare.

        Parameters
        ----------
        pair : Pair
            The pair.
        name : str
            Name of the case.
        case : Case
            Its arguments.
        side : callable, optional
            Another Python side, in place of the port.

        Raises
        ------
        OctaveNotFoundError
            If there is no Octave.
        KeyboardInterrupt
            On Ctrl-C; Octave is ended then.
        """
        return next(self.run_sides(pair, name, case, {pair.name: side}))

    def _compared(
        self,
        pair: Pair,
        name: str,
        case: Case,
        octave: Reply | Exception,
        side: Callable[..., Any] | None,
        label: str,
    ) -> CaseResult:
        """Run the Python side of a case and compare; `label` names the pair in the result."""
        result = self._outcome(pair, name, case, octave, side, label)
        result = replace(result, oracle=self.oracle.said(pair, case))
        reasons = self._deviations.get(pair.name, {}) if side is None else {}
        return deviating(result, reasons.get(name), reasons.get(EVERY))

    def _outcome(
        self,
        pair: Pair,
        name: str,
        case: Case,
        octave: Reply | Exception,
        side: Callable[..., Any] | None,
        label: str,
    ) -> CaseResult:
        if isinstance(octave, LeftOutError):
            return CaseResult(label, name, Verdict.UNTESTABLE, left_out=str(octave))
        if isinstance(octave, OctaveDiedError):
            return CaseResult(label, name, Verdict.ERROR, problem=str(octave), dead=True)
        python = self.python_outcome(pair, case, side)
        if isinstance(octave, Exception) or isinstance(python, Exception):
            return compare_errors(label, name, case, octave, python)
        if case.raises is not None:
            problem = f"both sides were to raise an error ({case.raises}), and neither did"
            return CaseResult(label, name, Verdict.DIFFERENT, problem=problem)
        try:
            compared = list(self.leaves(pair, case, side, octave.outputs, python.result))
        except Exception as error:
            return CaseResult(label, name, Verdict.ERROR, problem=str(error))
        results = self._judged(pair, case, side, octave.outputs, compared)
        results = self._tolerated(pair, side, results)
        problem = _changed_arguments(python.changed)
        if not problem and any(result.is_measured for result in results):
            problem = self._unsteady(pair, case, side, octave.outputs, compared)
        verdict = worst([result.verdict for result in results])
        if not problem and python.result is None and not verdict.agrees:
            problem = "the port returned None: does it lack a return?"
        if problem:
            verdict = worst([verdict, Verdict.DIFFERENT])
        elif not any(result.leaf.compared for result in results):
            verdict, problem = worst([verdict, Verdict.UNTESTABLE]), NOTHING_COMPARED
        accepted = case.untestable if isinstance(case.untestable, str) else "untestable=True"
        return CaseResult(
            label,
            name,
            verdict,
            results,
            problem,
            octave.seconds,
            python.seconds,
            accepted=accepted if case.untestable else "",
        )

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
        return output_leaves(
            pair, case, octave, self.port.adapter(pair, side).outputs(result, octave)
        )

    def _tolerated(
        self, pair: Pair, side: Callable[..., Any] | None, results: list[LeafResult]
    ) -> list[LeafResult]:
        """Apply the tolerances that are declared."""
        own = self.port.adapter(pair, side).conventions
        places = {name: f"output {i}" for i, name in enumerate(pair.output_names, start=1)}

        def of(tolerance: Mapping[str, float], name: str) -> Any:
            output = re.split(r"[.({]", name)[0]
            return own.of(tolerance, name, output, places.get(output, output))

        return [tolerated(one, of(own.rtol, one.name), of(own.atol, one.name)) for one in results]

    def octave_outcome(self, pair: Pair, case: Case) -> Reply | Exception:
        """Call the Octave side of a case; an error of it is returned."""
        self._start_octave(case)
        self.now(Phase.OCTAVE, case.timeout or self.timeout)
        return self.oracle.outcome(pair, case)

    def python_outcome(
        self, pair: Pair, case: Case, side: Callable[..., Any] | None = None
    ) -> PortReply | Exception:
        """Call the port, or another Python side; an error of it is returned."""
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

    def now(self, phase: Phase, limit: float) -> None:
        """Tell who watches what begins."""
        self._watch(Now(phase, limit, self.oracle.pid))

    def _judged(
        self,
        pair: Pair,
        case: Case,
        side: Callable[..., Any] | None,
        octave: list[Any],
        compared: list[tuple[str, Leaf]],
    ) -> list[LeafResult]:
        """Judge the leaves; run the port again only as often as it takes for all to agree.

        Each run can only widen the floor: what agrees after one agrees after all.
        """
        runs: dict[str, list[list[Leaf]]] = {"perturbed": [], "nudged": []}

        def judged() -> list[LeafResult]:
            return [
                judge(
                    name,
                    leaf,
                    [run[i] for run in runs["nudged"]],
                    [run[i] for run in runs["perturbed"]],
                    case.allow,
                )
                for i, (name, leaf) in enumerate(compared)
            ]

        results = judged()
        if all(result.verdict is Verdict.IDENTICAL for result in results):
            return results
        start = time.process_time()
        single = any(map(_has_singles, octave))
        for kind, number in _plan():
            if all(one.is_settled for one in results) and not self._measure_all:
                break
            more = number >= PERTURBED_RUNS
            late = time.process_time() - start > MORE_SECONDS
            if more and (late or not any(one.jumps for one in results)):
                break
            call = self.port.call_nudged if kind == "nudged" else self.port.call_perturbed
            self.now(Phase.PORT, case.timeout or self.timeout)
            try:
                result = call(pair, case, number, side, single)
                found = [leaf for _, leaf in self.leaves(pair, case, side, octave, result)]
            except Exception:
                continue  # a port may refuse moved numbers: no floor comes of them
            if len(found) == len(compared):
                runs[kind].append(found)
                results = judged()
        if any(one.excused for one in results):
            self.now(Phase.OCTAVE, OCTAVE_RUNS * (case.timeout or self.timeout))
            jumping = self.oracle.jumping(pair, case, octave)
            results = [
                replace(one, verdict=Verdict.DIFFERENT, excused=0)
                if one.excused and one.name not in jumping
                else one
                for one in results
            ]
        return results

    def _unsteady(
        self,
        pair: Pair,
        case: Case,
        side: Callable[..., Any] | None,
        octave: list[Any],
        compared: list[tuple[str, Leaf]],
    ) -> str:
        """Say so if the port gives another result when called again: then no floor means a thing.

        Threads may sum in another order each time, so that a few last bits may differ.
        """
        again = self.python_outcome(pair, case, side)
        try:
            assert isinstance(again, PortReply)
            found = [leaf for _, leaf in self.leaves(pair, case, side, octave, again.result)]
            same = len(found) == len(compared) and all(
                _is_steady(leaf, other) for (_, leaf), other in zip(compared, found, strict=True)
            )
        except Exception:
            same = False
        return "" if same else UNSTEADY


NOTHING_COMPARED = (
    "nothing was compared: the function gives no value that could be; if it is called for what it "
    "prints or draws, say so with Case(..., untestable='reason')"
)

UNSTEADY = (
    "the port gives another result when it is called again: is it seeded as the case says, "
    "or does it keep something between calls?"
)


def _is_steady(leaf: Leaf, other: Leaf) -> bool:
    if leaf.mismatch or not leaf.compared:
        return leaf.mismatch == other.mismatch
    return bool(np.all(distance(leaf.python, other.python).ulps <= MARGIN))


def _plan() -> Iterator[tuple[str, int]]:
    """Say which runs there are, in their order."""
    for kind, first, last in (
        ("perturbed", 0, PERTURBED_RUNS),
        ("nudged", 0, NUDGED_RUNS),
        ("perturbed", PERTURBED_RUNS, PERTURBED_RUNS + MORE_RUNS),
    ):
        for number in range(first, last):
            yield kind, number


def _changed_arguments(changed: list[int]) -> str:
    if not changed:
        return ""
    which = ", ".join(str(i) for i in changed)
    return f"the port changed argument {which} in place; Octave passes by value: copy it first"


def _has_singles(value: Any) -> bool:
    """Whether a value of Octave holds single numbers."""
    found = False

    def look(one: Any) -> Any:
        nonlocal found
        found = found or getattr(one, "dtype", None) in (np.float32, np.complex64)
        return one

    map_leaves(value, look)
    return found
