"""Runs the cases of a pair on both sides and gives each a verdict.

May import all folders before it in the line of `lockstep/__init__.py`.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np

from lockstep.compare.leaves import Leaf, distance, leaves
from lockstep.compare.verdict import (
    MARGIN,
    NUDGED_RUNS,
    LeafResult,
    Verdict,
    judge_leaf,
    leaf_distance,
    worst,
)
from lockstep.explain.finding import Finding, first_finding
from lockstep.explain.trace import TraceComparison, Tracer
from lockstep.model.errors import described
from lockstep.model.phases import EXPLANATION_LIMITS, LIMIT, Now, Phase, Watch, nobody, start_limit
from lockstep.model.values import UnsupportedValueError
from lockstep.project.cases import ANY_ERROR, Case, CasesFile, Function, load_cases, octave_side
from lockstep.project.pairs import Pair, Project, ProjectError
from lockstep.sides.octave import OctaveDiedError, OctaveError, OctaveSession, Reply
from lockstep.sides.port import Port, PortError, PortReply, outputs
from lockstep.sources.m_source import blanked
from lockstep.sources.port_source import SourceError


@dataclass(frozen=True)
class CaseResult:
    """What one case of one pair gave.

    Attributes
    ----------
    pair, case : str
        Names.
    verdict : Verdict
        The worst of its leaves, or that of `problem`.
    leaves : list of LeafResult
        Empty where a side raised an error.
    problem : str
        What is wrong other than a value: an error of one side, an argument changed in place.
    octave_seconds, python_seconds : float
        Time inside each side's function.
    dead : bool
        Whether a side died, or was ended, so that it is better not run again to explain it.
    """

    pair: str
    case: str
    verdict: Verdict
    leaves: list[LeafResult] = field(default_factory=list)
    problem: str = ""
    octave_seconds: float = 0.0
    python_seconds: float = 0.0
    dead: bool = False

    @property
    def largest(self) -> LeafResult | None:
        """The leaf with the largest difference in ulps; None where there is none."""
        differing = [leaf for leaf in self.leaves if leaf.largest_ulps > 0]
        return max(differing, key=lambda leaf: leaf.largest_ulps, default=None)

    @property
    def not_compared(self) -> list[str]:
        """Names of leaves that cannot be compared (function handles, objects)."""
        return [leaf.name for leaf in self.leaves if not leaf.leaf.compared]

    @property
    def cut(self) -> list[LeafResult]:
        """Vectors that are compared only as far as both sides have them."""
        return [leaf for leaf in self.leaves if leaf.leaf.mismatch and leaf.distance is not None]


@dataclass(frozen=True)
class PairResult:
    """What all cases of one pair gave; `problem` says why there are none."""

    pair: str
    cases: list[CaseResult]
    problem: str = ""

    @property
    def verdict(self) -> Verdict:
        """The worst of the cases; `error` where nothing was compared."""
        return Verdict.ERROR if self.problem else worst([case.verdict for case in self.cases])

    @property
    def octave_seconds(self) -> float:
        """Time inside Octave's function, all cases together."""
        return sum(case.octave_seconds for case in self.cases)

    @property
    def python_seconds(self) -> float:
        """Time inside the port, all cases together."""
        return sum(case.python_seconds for case in self.cases)

    @property
    def largest(self) -> tuple[CaseResult, LeafResult] | None:
        """The case and leaf with the largest difference in ulps; None where there is none."""
        found = [(case, case.largest) for case in self.cases if case.largest is not None]
        return max(found, key=lambda item: item[1].largest_ulps, default=None)


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
        self.octave = OctaveSession([project.octave], self.timeout)
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
        self.octave.close()

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
            self._tracer = Tracer(self.octave, self.port, self._declared_names)
        return self._tracer.compare(pair, name, case, self._called(pair, case, depth), forced)

    def explain(self, pair: Pair, name: str, case: Case) -> Finding | str:
        """Name the first statement that went wrong in a case that disagrees.

        Returns
        -------
        Finding or str
            The statement, or why none can be named.
        """
        limit = case.timeout or self.timeout
        try:
            self._start_octave(case)
            self._now(Phase.EXPLAIN, EXPLANATION_LIMITS * limit)
            found = first_finding(self.trace(pair, name, case))
            found = found or first_finding(self.trace(pair, name, case, forced=True))
        except (ProjectError, PortError, SourceError) as error:
            return f"not traced: {error}"
        except (OctaveError, OctaveDiedError, UnsupportedValueError, RuntimeError) as error:
            return f"not traced: {error}"
        return found or (
            "every statement that was compared agrees: look at what the port returns, and at the "
            "statements without a counterpart"
        )

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
        return load_cases(file)

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
        octave = self._octave_outcome(pair, case)
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
        if isinstance(octave, OctaveDiedError):
            return CaseResult(label, name, Verdict.ERROR, problem=str(octave), dead=True)
        python = self._python_outcome(pair, case, side)
        if isinstance(octave, Exception) or isinstance(python, Exception):
            return _compare_errors(label, name, case, octave, python)
        if case.raises is not None:
            problem = f"both sides were to raise an error ({case.raises}), and neither did"
            return CaseResult(label, name, Verdict.DIFFERENT, problem=problem)
        try:
            compared = list(_compared_leaves(pair, case, octave.outputs, python.result))
        except Exception as error:
            return CaseResult(label, name, Verdict.ERROR, problem=str(error))
        results = self._judged(pair, case, side, octave.outputs, compared)
        problem = _changed_arguments(python.changed)
        if not problem and any(result.is_measured for result in results):
            problem = self._unsteady(pair, case, side, octave.outputs, compared)
        verdicts = [result.verdict for result in results]
        if not problem and python.result is None and not worst(verdicts).agrees:
            problem = "the port returned None: does it lack a return?"
        return CaseResult(
            label,
            name,
            worst([*verdicts, Verdict.DIFFERENT] if problem else verdicts),
            results,
            problem,
            octave.seconds,
            python.seconds,
        )

    def _octave_outcome(self, pair: Pair, case: Case) -> Reply | Exception:
        self._start_octave(case)
        self._now(Phase.OCTAVE, case.timeout or self.timeout)
        try:
            args = [octave_side(argument) for argument in case.args]
            return self.octave.call(
                pair.name, *args, nargout=case.nargout, seed=case.seed, script=pair.is_script
            )
        except (OctaveError, OctaveDiedError, UnsupportedValueError) as error:
            return error

    def _python_outcome(
        self, pair: Pair, case: Case, side: Callable[..., Any] | None
    ) -> PortReply | Exception:
        self._now(Phase.PORT, case.timeout or self.timeout)
        try:
            return self.port.call(pair, case, side)
        except Exception as error:
            return error
        finally:
            self._now(Phase.COMPARE, case.timeout or self.timeout)

    def _start_octave(self, case: Case) -> None:
        """Start Octave, if it does not run, and give it the limit of a case."""
        self.octave.timeout = case.timeout or self.timeout
        if self.octave.pid is None:
            self._now(Phase.START, start_limit(self.octave.timeout))
            self.octave.start()

    def _now(self, phase: Phase, limit: float) -> None:
        """Tell who watches what begins."""
        self._watch(Now(phase, limit, self.octave.pid))

    def _judged(
        self,
        pair: Pair,
        case: Case,
        side: Callable[..., Any] | None,
        octave: list[Any],
        compared: list[tuple[str, Leaf]],
    ) -> list[LeafResult]:
        """Judge the leaves; nudge the port only as often as it takes for all to agree.

        Each nudged run can only widen the floor: what agrees after one agrees after all.
        """
        runs: list[list[Leaf]] = []
        results = [_judge(name, leaf, i, runs) for i, (name, leaf) in enumerate(compared)]
        for run in range(NUDGED_RUNS):
            exact = all(result.verdict is Verdict.IDENTICAL for result in results)
            agree = all(result.verdict.agrees for result in results)
            if exact or (agree and not self._measure_all):
                break
            self._now(Phase.PORT, case.timeout or self.timeout)
            try:
                result = self.port.call_nudged(pair, case, run, side)
                found = [leaf for _, leaf in _compared_leaves(pair, case, octave, result)]
            except Exception:
                continue  # a port may refuse nudged numbers: no floor comes of them
            if len(found) == len(compared):
                runs.append(found)
                results = [_judge(name, leaf, i, runs) for i, (name, leaf) in enumerate(compared)]
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
        again = self._python_outcome(pair, case, side)
        try:
            assert isinstance(again, PortReply)
            found = [leaf for _, leaf in _compared_leaves(pair, case, octave, again.result)]
            same = len(found) == len(compared) and all(
                _is_steady(leaf, other) for (_, leaf), other in zip(compared, found, strict=True)
            )
        except Exception:
            same = False
        return "" if same else UNSTEADY


UNSTEADY = (
    "the port gives another result when it is called again: is it seeded as the case says, "
    "or does it keep something between calls?"
)


def _is_steady(leaf: Leaf, other: Leaf) -> bool:
    if leaf.mismatch or not leaf.compared:
        return leaf.mismatch == other.mismatch
    return bool(np.all(distance(leaf.python, other.python).ulps <= MARGIN))


def _judge(name: str, leaf: Leaf, place: int, runs: list[list[Leaf]]) -> LeafResult:
    measured = leaf_distance(leaf)
    if not leaf.compared or (measured is not None and not measured.unequal.any()):
        return LeafResult(name, leaf, Verdict.IDENTICAL, measured)
    return judge_leaf(name, leaf, [run[place] for run in runs])


def _compared_leaves(
    pair: Pair, case: Case, octave: list[Any], result: Any
) -> Iterator[tuple[str, Leaf]]:
    """Pair the leaves of all outputs that are to be compared, with their names."""
    if pair.is_script:
        yield from _variable_leaves(octave[0], result)
        return
    names = pair.output_names
    for i, (one, other) in enumerate(
        zip(octave, outputs(result, pair, len(octave)), strict=True), start=1
    ):
        if i not in case.ignore:
            name = (
                names[i - 1] if i <= len(names) and names[i - 1] != "varargout" else f"output {i}"
            )
            yield from ((name + leaf.path, leaf) for leaf in leaves(one, other))


def _variable_leaves(octave: dict[str, Any], result: Any) -> Iterator[tuple[str, Leaf]]:
    """Pair the variables that the port of a script returned with those that the script left."""
    if not isinstance(result, dict):
        kind = type(result).__name__
        raise TypeError(f"the port of a script must return a dict of its variables, not a {kind}")
    for name, value in result.items():
        if name in octave:
            yield from ((name + leaf.path, leaf) for leaf in leaves(octave[name], value))
        else:
            yield name, Leaf("", None, value, "the script has no variable of this name")


def _changed_arguments(changed: list[int]) -> str:
    if not changed:
        return ""
    which = ", ".join(str(i) for i in changed)
    return f"the port changed argument {which} in place; Octave passes by value: copy it first"


def _compare_errors(
    label: str, name: str, case: Case, octave: Reply | Exception, python: PortReply | Exception
) -> CaseResult:
    """Judge a case in which at least one side raised an error."""
    verdict, problem = Verdict.ERROR, ""
    if not isinstance(python, Exception):
        verdict, problem = Verdict.DIFFERENT, f"only Octave raised an error: {_octave_text(octave)}"
    elif not isinstance(octave, Exception):
        verdict, problem = Verdict.DIFFERENT, f"only Python raised an error: {_python_text(python)}"
    elif case.raises is None:
        problem = (
            f"both sides raised an error\n  Octave: {_octave_text(octave)}\n"
            f"  Python: {_python_text(python)}\n"
            "  if that is what the case is for, say so with raises='IDENTIFIER'"
        )
    else:
        verdict, problem = _expected_error(case.raises, octave, python)
    return CaseResult(label, name, verdict, problem=problem)


def _expected_error(expected: str, octave: Exception, python: Exception) -> tuple[Verdict, str]:
    identifier = getattr(octave, "identifier", "")
    if expected not in (ANY_ERROR, identifier):
        return Verdict.DIFFERENT, (
            f"expected the error {expected}, "
            f"Octave raised {identifier or '(no identifier)'}: {octave}"
        )
    if str(octave) != str(python):
        return Verdict.DIFFERENT, (
            f"the error messages differ\n  Octave: {octave}\n  Python: {_python_text(python)}"
        )
    return Verdict.IDENTICAL, ""


def _octave_text(outcome: Any) -> str:
    stack = getattr(outcome, "stack", [])
    return f"{outcome}" + (f" ({stack[0]})" if stack else "")


def _python_text(error: Exception) -> str:
    """Describe an error of the port, with the innermost line that is not of this package."""
    trace, where = error.__traceback__, ""
    while trace is not None:
        file = Path(trace.tb_frame.f_code.co_filename)
        if not file.is_relative_to(_OWN_FILES):
            where = f" ({file.name} line {trace.tb_lineno})"
        trace = trace.tb_next
    return f"{described(error)}{where}"


_OWN_FILES = Path(__file__).parent
