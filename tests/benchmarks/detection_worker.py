"""The process that judges mutants for `detection`: one Octave, whose answers are kept."""

import hashlib
import importlib
import pickle
import resource
import shutil
import signal
import sys
import time
import traceback
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from mutation import Mutant
from styles import Broken, Stretch, broken, given_by_name, restyled

from lockstep.explaining import explain
from lockstep.model.execution import Execution
from lockstep.model.report import Finding
from lockstep.oracles.live import LiveOracle
from lockstep.project.cases import Case, octave_side
from lockstep.project.pairs import Pair, Project, find_project
from lockstep.runner import Runner
from lockstep.sides.octave import OctaveDiedError, OctaveSession
from lockstep.tracing import traced

CASE_LIMIT = 4.0
"""Seconds after which a case of a mutant counts as an endless loop; a right one takes 0.2."""

TRACE_LIMIT = 90.0
"""Seconds after which an explanation is given up."""

HARD_LIMIT = 1200.0
"""Seconds after which a worker that does not answer is killed."""

CASES_BEFORE, CASES_AFTER = 3, 4
"""Cases that are explained with the first that disagrees: those before it agree."""

MEMORY = 8 * 2**30
"""Bytes that a worker may take: a mutant may ask for an array of any size."""

SLOW = {("fmincg", "5,000 digits")}
"""Cases that take seconds, and show nothing that others do not show."""


class TimeUpError(BaseException):
    """The time of a mutant is up; no port catches it."""


@dataclass
class Outcome:
    """What the tool said of one mutant in one style.

    Attributes
    ----------
    outputs : str
        How the outputs told: a verdict, "time out" or "killed"; empty where they agree.
    case : str
        The case that told.
    said : str
        What was named.
    statement, expression : bool
        Whether that is the broken statement, and the broken expression in it.
    proved : bool
        Whether a replay proved it.
    traceable : bool
        Whether there is an Octave source to be traced.
    seconds : float
        How long all of it took.
    """

    outputs: str = ""
    case: str = ""
    said: str = ""
    statement: bool = False
    expression: bool = False
    proved: bool = False
    traceable: bool = True
    seconds: float = 0.0


class RememberedOracle(LiveOracle):
    """Answers, and traces, the same call of Octave from memory."""

    def __init__(self, session: OctaveSession, folders: Sequence[Path]) -> None:
        super().__init__(session, folders)
        self._answers: dict[bytes, Any] = {}
        self._executions: dict[bytes, Execution] = {}
        self._traced = ""

    def outcome(self, pair: Pair, case: Case, ahead: Sequence[Case] = ()) -> Any:
        """Call the Octave side of a case, if that was not done before."""
        key = _key(pair, case)
        if key not in self._answers:
            with undisturbed():
                found = super().outcome(pair, case)
            if isinstance(found, OctaveDiedError):
                return found
            self._answers[key] = found
        return self._answers[key]

    def trace(self, pair: Pair, case: Case) -> Execution:
        """Trace a case, if that was not done before."""
        if pair.name != self._traced:  # large, and done with
            self._executions, self._traced = {}, pair.name
        key = _key(pair, case)
        if key not in self._executions:
            with undisturbed():
                self._executions[key] = super().trace(pair, case)
        return self._executions[key]


def _key(pair: Pair, case: Case) -> bytes:
    given = [octave_side(argument) for argument in case.args]
    return hashlib.blake2b(pickle.dumps((pair.name, given, case.nargout, case.seed))).digest()


@contextmanager
def undisturbed() -> Iterator[None]:
    """Let the time run out only afterwards."""
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGPROF})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGPROF})


@contextmanager
def limited(seconds: float) -> Iterator[None]:
    """Raise TimeUpError where the block computes for longer: others may use the machine, too."""

    def time_up(number: int, frame: Any) -> None:
        raise TimeUpError

    signal.signal(signal.SIGPROF, time_up)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


class Computed:
    """Stands for the module `time` in what explains: its clock is the time that was computed."""

    monotonic = staticmethod(time.process_time)
    process_time = staticmethod(time.process_time)
    perf_counter = staticmethod(time.perf_counter)


def count_computed_time() -> None:
    """Let the limits of an explanation not depend on what else the machine does."""
    for name, module in list(sys.modules.items()):
        if name.startswith("lockstep.explain") and getattr(module, "time", None) is time:
            module.time = Computed  # type: ignore[attr-defined]


class SharedRunner(Runner):
    """A runner with the worker's Octave in place of a new one."""

    def __init__(self, project: Project, oracle: LiveOracle) -> None:
        super().__init__(project)
        self.oracle = oracle


class Judge:
    """Judges mutants in a copy of the package."""

    def __init__(self, folder: Path, package: str) -> None:
        self.project = find_project()
        self._package, self._folder = package, folder / package
        self._original = self.project.root / "python" / package
        shutil.copytree(self._original, self._folder, ignore=shutil.ignore_patterns("__pycache__"))
        sys.path.insert(0, str(folder))
        folders = self.project.octave_path
        self._oracle = RememberedOracle(OctaveSession(folders), folders)
        self._cases: dict[str, dict[str, Case]] = {}
        self._right: dict[tuple[str, str, str], bool] = {}
        every = [file.read_text(encoding="utf-8") for file in sorted(self._original.glob("*.py"))]
        self._by_name = given_by_name(every)
        self._twins: dict[str, dict[int, set[int]]] = {}

    def judge(self, mutant: Mutant, styles: Sequence[str]) -> dict[str, Outcome]:
        """Break the port in each style, run the cases until one disagrees, and explain it."""
        pair = self.project.pair(mutant.pair)
        text = (self._original / f"{pair.name}.py").read_text(encoding="utf-8")
        twins = self._octave_lines(pair, text).get(mutant.line, set())
        found: dict[str, Outcome] = {}
        told = ""
        for style in styles:
            start = time.monotonic()
            outcome = Outcome(traceable=pair.m_file is not None)
            cases = self._sorted_cases(pair)
            if told:  # the same case tells in every style
                cases = {told: cases.pop(told), **cases}
            one = broken(text, mutant, style, self._by_name)
            with self._written(pair, one.text) as runner:
                outcome.case, outcome.outputs = self._disagreeing(runner, pair, cases)
            if outcome.outputs and not self._is_right(pair, text, style, outcome.case):
                outcome = Outcome("the port itself disagrees", outcome.case, traceable=False)
            elif outcome.outputs and outcome.traceable:
                with self._written(pair, one.text) as runner:
                    self._explain(runner, pair, mutant, one, twins, outcome)
            told = outcome.case
            outcome.seconds = time.monotonic() - start
            found[style] = outcome
        return found

    @contextmanager
    def _written(self, pair: Pair, text: str) -> Iterator[Runner]:
        """Put a text in place of the module, and import the package anew."""
        file = self._folder / f"{pair.name}.py"
        before = file.read_text(encoding="utf-8")
        try:
            file.write_text(text, encoding="utf-8")
            for name in [name for name in sys.modules if name.split(".")[0] == self._package]:
                del sys.modules[name]
            importlib.invalidate_caches()
            yield SharedRunner(self.project, self._oracle)
        finally:
            file.write_text(before, encoding="utf-8")

    def _sorted_cases(self, pair: Pair) -> dict[str, Case]:
        """Return the cases of a pair, the smallest first."""
        if pair.name not in self._cases:
            found = SharedRunner(self.project, self._oracle).cases(pair).cases
            sizes = {name: _size(case) for name, case in found.items()}
            self._cases[pair.name] = {
                name: found[name]
                for name in sorted(found, key=lambda name: sizes[name])
                if (pair.name, name) not in SLOW
            }
        return dict(self._cases[pair.name])

    def _disagreeing(self, runner: Runner, pair: Pair, cases: dict[str, Case]) -> tuple[str, str]:
        """Name the first case that disagrees, and say how."""
        for name, case in cases.items():
            try:
                with limited(CASE_LIMIT):
                    result = runner.run_case(pair, name, case)
            except TimeUpError:
                return name, "time out"
            if not result.verdict.agrees:
                return name, result.verdict.value
        return "", ""

    def _is_right(self, pair: Pair, text: str, style: str, name: str) -> bool:
        """Whether the unbroken port agrees in a case."""
        key = pair.name, style, name
        if key not in self._right:
            with self._written(pair, restyled(text, style, self._by_name)) as runner:
                case = self._cases[pair.name][name]
                self._right[key] = runner.run_case(pair, name, case).verdict.agrees
        return self._right[key]

    def _octave_lines(self, pair: Pair, text: str) -> dict[int, set[int]]:
        """Return the Octave lines that stand for each line of the unbroken port."""
        if pair.m_file is None:
            return {}
        if pair.name not in self._twins:
            found: dict[int, set[int]] = {}
            with self._written(pair, text) as runner:
                cases = self._sorted_cases(pair)
                name = next(name for name, case in cases.items() if case.raises is None)
                for row in traced(runner, pair, cases, name, 1, False).rows:
                    if row.octave is not None and row.port is not None:
                        found.setdefault(row.port.line, set()).add(row.octave.line)
            self._twins[pair.name] = found
        return self._twins[pair.name]

    def _explain(
        self,
        runner: Runner,
        pair: Pair,
        mutant: Mutant,
        one: Broken,
        twins: set[int],
        outcome: Outcome,
    ) -> None:
        every = self._sorted_cases(pair)
        place = list(every).index(outcome.case)
        names = [outcome.case, *list(every)[:place][-CASES_BEFORE:]]
        names += [n for n in list(every)[place + 1 :] if every[n].raises is None][:CASES_AFTER]
        cases = {name: every[name] for name in names}
        try:
            with limited(TRACE_LIMIT):
                results = [runner.run_case(pair, name, case) for name, case in cases.items()]
                found = explain(runner, pair, cases, results).finding
        except TimeUpError:
            outcome.said = "time out"
        except Exception as error:
            outcome.said = f"not explained: {type(error).__name__}: {error}"
        else:
            if found is not None:
                _compare(found, mutant, one, twins, outcome)


def _compare(
    found: Finding, mutant: Mutant, one: Broken, twins: set[int], outcome: Outcome
) -> None:
    """Say whether what was named is the broken statement, and the expression."""
    own = {found.port.line, found.port.span.line} if found.port is not None else set()
    theirs = {found.octave.line, found.octave.span.line} if found.octave is not None else set()
    text = (found.port.expression or found.port.statement) if found.port is not None else ""
    outcome.said = (
        f"{found.fault} at line {min(own, default=0)}, Octave line {min(theirs, default=0)}: {text}"
    )
    outcome.statement = bool(one.lines & own)
    outcome.proved = found.proved
    if mutant.mutated == "pass":
        # What Octave never had is not missed there: the statement after it is as near as can be.
        there = bool(theirs & twins) if twins else bool(one.next_lines & own)
        outcome.statement = outcome.expression = outcome.statement or there
    elif outcome.statement and found.port is not None:
        span = found.port.span
        named = span.line, span.column, span.last_line, span.last_column
        outcome.expression = any(is_named(one.text, named, wrong) for wrong in one.expressions)


def is_named(text: str, named: Stretch, wrong: Stretch) -> bool:
    """Whether of two stretches one lies in the other, and is at least half as long."""
    lines = text.encode().split(b"\n")

    def offset(line: int, column: int) -> int:
        return sum(len(one) + 1 for one in lines[: line - 1]) + column

    (a, b), (c, d) = ((offset(*stretch[:2]), offset(*stretch[2:])) for stretch in (named, wrong))
    is_inside = (a <= c and d <= b) or (c <= a and b <= d)
    return is_inside and 2 * min(b - a, d - c) >= max(b - a, d - c)


def _size(case: Case) -> int:
    return len(pickle.dumps([octave_side(argument) for argument in case.args]))


def work(pipe: Connection, folder: Path, package: str) -> None:
    """Judge the mutants that come through a pipe, until it is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    sys.modules["matplotlib.pyplot"] = None  # type: ignore[assignment]  # drawing is no output
    sys.dont_write_bytecode = True
    warnings.simplefilter("ignore")
    count_computed_time()
    judge = Judge(folder, package)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    while True:
        try:
            mutant, styles = pipe.recv()
        except EOFError:
            return
        try:
            found = judge.judge(mutant, styles)
        except Exception as error:  # of the benchmark itself
            traceback.print_exc()
            pipe.send(f"{mutant}: {error!r}")
        else:
            pipe.send(found)
