"""The process that judges mutants for `detection`: one Octave, whose answers are kept."""

import hashlib
import importlib
import pickle
import resource
import shutil
import signal
import sys
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from mutation import Mutant

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

TRACE_LIMIT = 60.0
HARD_LIMIT = 150.0
"""Seconds after which a worker that does not answer is killed."""

MEMORY = 8 * 2**30
"""Bytes that a worker may take: a mutant may ask for an array of any size."""

SLOW = {("fmincg", "5,000 digits")}
"""Cases that take seconds, and show nothing that others do not show."""


class TimeUpError(BaseException):
    """The time of a mutant is up; no port catches it."""


@dataclass
class Outcome:
    """What the tool said of one mutant.

    Attributes
    ----------
    outputs : str
        How the outputs told: a verdict, "time out" or "killed"; empty where they agree.
    case : str
        The case that told.
    named : (str, bool)
        What was named, and whether that is the broken statement.
    proved : bool
        Whether a replay proved it.
    traceable : bool
        Whether there is an Octave source to be traced.
    seconds : float
        For all of it.
    """

    outputs: str = ""
    case: str = ""
    named: tuple[str, bool] = ("", False)
    proved: bool = False
    traceable: bool = True
    seconds: float = 0.0

    @property
    def localised(self) -> bool:
        """Whether what the tool names is the broken statement."""
        return self.named[1]


class RememberedOracle(LiveOracle):
    """Answers, and traces, the same call of Octave from memory."""

    def __init__(self, session: OctaveSession, folders: Sequence[Path]) -> None:
        super().__init__(session, folders)
        self._answers: dict[bytes, Any] = {}
        self._executions: dict[bytes, Execution] = {}

    def outcome(self, pair: Pair, case: Case) -> Any:
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
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGALRM})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGALRM})


@contextmanager
def limited(seconds: float) -> Iterator[None]:
    """Raise TimeUpError where the block takes longer."""

    def time_up(number: int, frame: Any) -> None:
        raise TimeUpError

    signal.signal(signal.SIGALRM, time_up)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


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
        self._right: dict[tuple[str, str], bool] = {}
        self._twins: dict[str, dict[int, set[int]]] = {}

    def judge(self, mutant: Mutant) -> Outcome:
        """Run the cases until one disagrees, and explain that one."""
        start = time.monotonic()
        pair = self.project.pair(mutant.pair)
        cases = self._sorted_cases(pair)
        text = (self._original / f"{mutant.pair}.py").read_text(encoding="utf-8")
        twins = self._octave_lines(pair, text)
        outcome = Outcome(traceable=pair.m_file is not None)
        with self._written(pair, mutant.applied(text)) as runner:
            told = self._disagreeing(runner, pair, cases)
        while told[1] and not self._is_right(pair, text, told[0]):
            cases.pop(told[0])
            with self._written(pair, mutant.applied(text)) as runner:
                told = self._disagreeing(runner, pair, cases)
        outcome.case, outcome.outputs = told
        if outcome.traceable and outcome.case:
            with self._written(pair, mutant.applied(text)) as runner:
                self._explain(runner, pair, mutant, twins, outcome)
        outcome.seconds = time.monotonic() - start
        return outcome

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

    def _is_right(self, pair: Pair, text: str, name: str) -> bool:
        """Whether the unbroken port agrees in a case."""
        key = pair.name, name
        if key not in self._right:
            with self._written(pair, text) as runner:
                case = self._cases[pair.name][name]
                self._right[key] = runner.run_case(pair, name, case).verdict.agrees
            if not self._right[key]:
                print(f"\nthe port itself disagrees, left out: {key}", file=sys.stderr)
        return self._right[key]

    def _octave_lines(self, pair: Pair, text: str) -> dict[int, set[int]]:
        """Return the Octave lines that stand for each line of the unbroken port."""
        if pair.m_file is None:
            return {}
        if pair.name not in self._twins:
            found: dict[int, set[int]] = {}
            with self._written(pair, text) as runner:
                cases = self._cases[pair.name]
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
        twins: dict[int, set[int]],
        outcome: Outcome,
    ) -> None:
        cases = {outcome.case: self._cases[pair.name][outcome.case]}

        def found() -> Finding | None:
            results = [runner.run_case(pair, name, case) for name, case in cases.items()]
            return explain(runner, pair, cases, results).finding

        outcome.named, outcome.proved = _named(found, mutant, twins.get(mutant.line, set()))


def _named(
    explained: Callable[[], Finding | None], mutant: Mutant, twins: set[int]
) -> tuple[tuple[str, bool], bool]:
    """Say what was named, whether that is the broken statement, and whether it is proved."""
    try:
        with limited(TRACE_LIMIT):
            found = explained()
    except TimeUpError:
        return ("time out", False), False
    except Exception as error:
        return (f"not explained: {type(error).__name__}: {error}", False), False
    if found is None:
        return ("", False), False
    own = {found.port.line, found.port.span.line} if found.port is not None else set()
    theirs = {found.octave.line, found.octave.span.line} if found.octave is not None else set()
    said = f"{found.fault} at line {min(own, default=0)}, Octave line {min(theirs, default=0)}"
    right = mutant.line in own
    if mutant.mutated == "pass":
        # What Octave never had is not missed there: the statement after it is as near as can be.
        there = bool(theirs & twins) if twins else mutant.next_line in own
        right = right or there
    return (said, right), found.proved


def _size(case: Case) -> int:
    return len(pickle.dumps([octave_side(argument) for argument in case.args]))


def work(pipe: Connection, folder: Path, package: str) -> None:
    """Judge the mutants that come through a pipe, until it is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    sys.modules["matplotlib.pyplot"] = None  # type: ignore[assignment]  # drawing is no output
    sys.dont_write_bytecode = True
    warnings.simplefilter("ignore")
    judge = Judge(folder, package)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    while True:
        try:
            mutant = pipe.recv()
        except EOFError:
            return
        pipe.send(judge.judge(mutant))
