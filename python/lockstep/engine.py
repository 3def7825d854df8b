"""The engine: a process of its own in which both sides of a project run.

`main` answers the requests that come through a socket (see `lockstep.wire`), one after the other,
with the `Runner` that a notebook has, too. Before each phase it says what begins. The port may
hang, eat all memory or end the process: the supervisor sees it, and starts another engine. May
import all folders before it in the line of `lockstep/__init__.py`.
"""

import contextlib
import faulthandler
import os
import resource
import signal
import socket
import sys
import warnings
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lockstep import doctor, wire
from lockstep.cases_run import Usable
from lockstep.compare.case_result import CaseResult, PairResult, without_end
from lockstep.compare.plan import PairPlan
from lockstep.compare.verdict import Verdict
from lockstep.covering import covered
from lockstep.explaining import Explained, explain
from lockstep.model.errors import described
from lockstep.model.phases import Now, Phase, Watch, start_limit
from lockstep.oracles.choosing import instead_of_live
from lockstep.oracles.manifest import OF_TESTS
from lockstep.oracles.recorder import Recorder, Written
from lockstep.page.table import pair_data
from lockstep.page.trace_data import trace_data
from lockstep.project.cases import Case, CasesError, CasesFile
from lockstep.project.pairs import Pair, Project, ProjectError
from lockstep.recording import WRITING_LIMIT, CaseRecorder, new_recorder
from lockstep.reports.mend_text import explanation_text, mend_text
from lockstep.reports.trace_text import trace_text
from lockstep.runner import Runner
from lockstep.sides.octave import OctaveNotFoundError
from lockstep.sides.surroundings import is_lowered_for_good
from lockstep.tracing import traced

if TYPE_CHECKING:
    from lockstep.fuzz.fuzzing import Fuzzing

MEMORY_SHARE = 0.9
"""How much of the machine's memory the port, and Octave, may take."""


class Engine:
    """Answers requests, wherever it runs.

    Parameters
    ----------
    project : Project
        What to work on.
    timeout : float
        Seconds that each side of a case may take.
    watch : callable
        Is told what begins.
    apart : bool
        Whether this is a process of its own: then Ctrl-C is not for us, and a KeyboardInterrupt
        is the user's code's.

    Attributes
    ----------
    is_broken : bool
        Whether what compares and explains has failed in the last request.
    """

    def __init__(self, project: Project, timeout: float, watch: Watch, apart: bool = False) -> None:
        self._ours: tuple[type[BaseException], ...] = (OctaveNotFoundError, GeneratorExit)
        if not apart:
            self._ours = (*self._ours, KeyboardInterrupt)
        self.runner = Runner(project, timeout=timeout, watch=watch)
        self._watch = watch
        self._read: tuple[str, CasesFile] | None = None
        self._results: dict[str, CaseResult] = {}
        self._recorders: dict[str, tuple[CaseRecorder, Recorder]] = {}
        self._fuzzing: Fuzzing | None = None
        self.is_broken = False

    def close(self) -> None:
        """End Octave."""
        self.runner.close()

    def answer(self, request: Any) -> Iterator[Any]:
        """Yield the answers to a request; a `Failure` where it cannot be met."""
        self.is_broken = False
        try:
            yield from self._answers(request)
        except ProjectError as error:
            yield wire.Failure(ProjectError.__name__, str(error))
        except CasesError as error:
            yield wire.Failure(CasesError.__name__, str(error))
        except OctaveNotFoundError as error:
            said = f"{error}{instead_of_live(self.runner.project)}"
            yield wire.Failure(OctaveNotFoundError.__name__, said)
        except self._ours:
            raise
        except BaseException as error:
            self.is_broken = True
            yield wire.Failure("EngineError", described(error))

    def _answers(self, request: Any) -> Iterator[Any]:
        match request:
            case wire.GetMachine():
                self._now(Phase.START, 2 * start_limit(self.runner.timeout))
                yield doctor.findings(self.runner.oracle.identity())
            case wire.GetCases():
                yield self._plan(self._pair(request.pair))
            case wire.RunCase():
                yield from self._run(request)
            case wire.Explain():
                yield self._explained(request)
            case wire.FindMend():
                yield self._mended(request)
            case wire.TraceCase():
                yield self._traced(request)
            case wire.RecordCase():
                yield self._recorded(request)
            case wire.WriteRecording():
                yield self._written(request.pair)
            case wire.Cover():
                pair = self._pair(request.pair)
                cases = {name: self._case(pair, name) for name in request.cases}
                yield from covered(self.runner, pair, cases)
            case wire.FuzzAgain():
                self._fuzzing = None
                yield from self._fuzzed(request.pair, request.limit).again()
            case wire.FuzzBatch():
                yield from self._fuzzed(request.pair, request.limit).batch(request.seed)
            case wire.FuzzPort():
                fuzzing = self._fuzzed(request.pair, request.limit)
                fuzzing.one_by_one(request.seed, request.first)
            case wire.FuzzInput():
                fuzzing = self._fuzzed(request.pair, request.limit)
                yield fuzzing.input(request.seed, request.number, request.why)

    def _fuzzed(self, name: str, limit: float) -> "Fuzzing":
        """Return the search of a pair; that of the last pair is kept."""
        from lockstep.fuzz.fuzzing import Fuzzing  # Hypothesis, which nothing else needs

        if self._fuzzing is None or self._fuzzing.pair.name != name:
            self._now(Phase.CASES, self.runner.timeout)
            self._fuzzing = Fuzzing(self.runner, self._pair(name), limit)
        return self._fuzzing

    def _now(self, phase: Phase, limit: float) -> None:
        self._watch(Now(phase, limit, self.runner.oracle.pid))

    def _pair(self, name: str) -> Pair:
        return self.runner.project.pair(name)

    def _cases(self, pair: Pair) -> CasesFile:
        """Read the cases of a pair; those of the last pair are kept."""
        if self._read is None or self._read[0] != pair.name:
            self._now(Phase.CASES, self.runner.timeout)
            self._results = {}
            self._read = pair.name, self.runner.cases(pair)
        return self._read[1]

    def _case(self, pair: Pair, name: str) -> Case:
        cases = self._cases(pair).cases
        if name not in cases:
            raise CasesError(f"{pair.name} no longer has a case {name!r}: are its names random?")
        return cases[name]

    def _plan(self, pair: Pair) -> PairPlan:
        self.runner.project.check_readable(pair)
        found = self._cases(pair)
        labels = (pair.name, *(f"{pair.name} [{side}]" for side in found.sides))
        cases = {name: labels[:1] if case.raises else labels for name, case in found.cases.items()}
        return PairPlan(pair.name, cases, len(cases), self.runner.deviation(pair))

    def _run(self, request: wire.RunCase) -> Iterator[CaseResult]:
        pair = self._pair(request.pair)
        case = self._case(pair, request.case)
        sides: dict[str, Callable[..., Any] | None] = {pair.name: None}
        sides |= {f"{pair.name} [{name}]": f for name, f in self._cases(pair).sides.items()}
        wanted = {label: sides[label] for label in request.labels}
        left = list(request.labels)
        ahead = [self._case(pair, name) for name in request.ahead]
        try:
            for result in self.runner.run_sides(pair, request.case, case, wanted, ahead):
                left.remove(result.pair)
                if result.pair == pair.name:
                    self._results[request.case] = result
                yield result
        except self._ours:
            raise
        except BaseException as error:
            self.is_broken = True
            for label in left:
                problem = f"it cannot be compared: {described(error)}"
                yield CaseResult(label, request.case, Verdict.ERROR, problem=problem)

    def _explained(self, request: wire.Explain) -> wire.Explanation:
        pair = self._pair(request.pair)
        try:
            found = self._found(pair, request.usable)
            first = request.usable.cases[0]
            return wire.Explanation(explanation_text(found, pair.name, first), found)
        except self._ours:
            raise
        except BaseException as error:
            self.is_broken = True
            return wire.Explanation(f"  not explained: {described(error)}")

    def _mended(self, request: wire.FindMend) -> wire.Mended:
        pair = self._pair(request.pair)
        found = self._found(pair, request.usable)
        return wire.Mended(mend_text(found, pair.name), found.failing, found.mend)

    def _found(self, pair: Pair, usable: Usable) -> Explained:
        """Explain cases; those that this engine has not run are run first, without a word.

        Endless ones are not run.
        """
        names = usable.cases
        cases = {name: self._case(pair, name) for name in names}
        self._results |= {name: without_end(pair.name, name) for name in usable.endless}
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the run that was judged has given them
            for name, case in cases.items():
                if name not in self._results:
                    self._results[name] = self.runner.run_case(pair, name, case)
        return explain(self.runner, pair, cases, [self._results[name] for name in names])

    def _recorded(self, request: wire.RecordCase) -> str:
        pair = self._pair(request.pair)
        case = self._case(pair, request.case)
        if pair.name not in self._recorders:
            self._now(Phase.START, 2 * start_limit(self.runner.timeout))
            self._recorders[pair.name] = (
                CaseRecorder(self.runner, request.limits),
                new_recorder(
                    self.runner, pair, request.limits, lambda name: name.startswith(OF_TESTS)
                ),
            )
        cases, recorder = self._recorders[pair.name]
        return cases.record(recorder, pair, request.case, case, request.untraced)

    def _written(self, name: str) -> Written:
        if name not in self._recorders:
            raise ProjectError(f"no case of {name} was recorded")
        pair, (cases, recorder) = self._pair(name), self._recorders.pop(name)
        cases.record_others(recorder, pair, self._cases(pair).cases)
        self._now(Phase.RECORD, WRITING_LIMIT)
        return recorder.write(self.runner.project.recordings_folder)

    def _traced(self, request: wire.TraceCase) -> wire.Traced:
        pair = self._pair(request.pair)
        self._case(pair, request.case)
        cases = self._cases(pair).cases
        found = traced(
            self.runner,
            pair,
            cases,
            request.case,
            request.depth,
            request.forced,
            request.found,
            self._results.get(request.case),
        )
        told = wire.Traced(trace_text(found, request.selection, request.width), found.result.agrees)
        if not request.with_page:
            return told
        result = PairResult(pair.name, [found.result])
        explained = Explained(found.finding, int(not told.agrees), 1, found.note, request.case)
        return replace(
            told,
            pair=pair_data(result, explained),
            trace=trace_data(found, self._cases(pair).views),
        )


def serve(channel: wire.Channel, stacks: int) -> None:
    """Answer requests until the other side is gone.

    Parameters
    ----------
    channel : Channel
        To the supervisor.
    stacks : int
        Descriptor of the file in which to write where we are, on SIGUSR1 and in a crash.
    """
    start: wire.Start = channel.receive()
    sys.path[:] = start.path
    faulthandler.enable(stacks)
    faulthandler.register(signal.SIGUSR1, stacks)
    engine = Engine(start.project, start.timeout, channel.send, apart=True)
    try:
        while True:
            request = channel.receive()
            for answer in engine.answer(request):
                _send(channel, answer)
            channel.send(wire.Done(engine.is_broken, is_lowered_for_good()))
    finally:
        engine.close()


def _send(channel: wire.Channel, answer: Any) -> None:
    """Send an answer; a result that cannot be sent is sent without its values."""
    try:
        channel.send(answer)
    except wire.ClosedError:
        raise
    except Exception as error:
        if not isinstance(answer, CaseResult):
            raise
        problem = f"its values cannot be shown: {described(error)}"
        channel.send(replace(answer, verdict=Verdict.ERROR, leaves=[], problem=problem))


def main() -> None:
    """Serve the supervisor whose socket and file have the numbers that are named."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the supervisor decides
    end, stacks = (int(word) for word in sys.argv[1:])
    _bound_memory()
    warnings.showwarning = _each_once(warnings.showwarning)
    with socket.socket(fileno=end) as to_supervisor, contextlib.suppress(wire.ClosedError):
        serve(wire.Channel(to_supervisor), stacks)


def _each_once(show: Callable[..., None]) -> Callable[..., None]:
    """Show each warning of each line once, whatever forgets in between that it was shown."""
    shown: set[tuple[str, str, int]] = set()

    def show_once(message: Warning | str, category: type[Warning], filename: str, lineno: int,
                  *rest: Any) -> None:  # fmt: skip
        key = f"{category.__name__}: {message}", filename, lineno
        if key not in shown:
            shown.add(key)
            show(message, category, filename, lineno, *rest)

    return show_once


def _bound_memory() -> None:
    """Let an allocation fail before the machine runs out of memory; Octave inherits the bound."""
    with contextlib.suppress(OSError, ValueError):
        total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
        with contextlib.suppress(OSError, ValueError):
            total = min(total, int(Path("/sys/fs/cgroup/memory.max").read_text()))
        _, most = resource.getrlimit(resource.RLIMIT_DATA)
        bound = int(MEMORY_SHARE * total)
        if most == resource.RLIM_INFINITY or bound < most:
            resource.setrlimit(resource.RLIMIT_DATA, (bound, most))
