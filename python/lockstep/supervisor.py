"""Runs a project in an engine of its own, and goes on when that one hangs or dies.

The supervisor never runs a line of the user's: it asks, watches the clock, and reads answers.
What outlasts its limit is ended with all that it started, and the case that was running becomes
an error that says what was running, where, and for how long. May import all folders before it in
the line of `lockstep/__init__.py`, `wire` and `engine`.
"""

import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Any

from lockstep import wire
from lockstep.compare.case_result import CaseResult, PairResult
from lockstep.compare.verdict import Verdict
from lockstep.covering import Covered, PairReach
from lockstep.engine import Engine
from lockstep.model.own_folders import sweep, sweep_once
from lockstep.model.phases import GRACE, LIMIT, Now, Phase, nobody, start_limit
from lockstep.oracles.choosing import is_recorded
from lockstep.oracles.recorded import RECORDED
from lockstep.oracles.recorder import Limits, Written
from lockstep.project.cases import CasesError
from lockstep.project.pairs import Project, ProjectError
from lockstep.reports.trace_text import Selection
from lockstep.sides.guardian import guardian
from lockstep.sides.octave import OctaveNotFoundError

TICK = 0.5
"""Seconds between two looks at whether the engine still lives."""

END_SECONDS = 1.0
"""How long an engine that was asked to end may take before it is killed."""

COVERED_AT_ONCE = 20
"""Cases of which one request asks what they reach: between two, progress is shown."""

STACK_BYTES = 100_000
"""How much is read of where an engine says it is."""

QUIT_SECONDS = 8.0
"""The same where nothing is wrong, so that it may end Octave first."""


class EngineError(Exception):
    """The engine could not answer; the message says what was running, and what became of it."""

    def __init__(self, text: str, phase: Phase = Phase.COMPARE) -> None:
        super().__init__(text)
        self.phase = phase


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
    """

    def __init__(
        self, project: Project, timeout: float | None = None, in_process: bool = False
    ) -> None:
        self.project = project
        self.timeout = timeout or project.timeout or LIMIT
        self._local = Engine(project, self.timeout, nobody) if in_process else None
        self._engine: _Process | None = None
        self._has_octave = False
        self._ran: dict[str, dict[str, bool]] = {}

    @cached_property
    def said(self) -> str:
        """What a report says of where Octave's values come from; empty for a live engine."""
        return RECORDED if is_recorded(self.project) else ""

    def __enter__(self) -> "Supervisor":
        """Return the supervisor; nothing is started yet."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End the engine, at once where an error ends the run."""
        self.close(at_once=kind is not None)

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
        return self._listing(pair).cases

    def _listing(self, pair: str) -> wire.Listing:
        found: wire.Listing = self._answer(wire.GetCases(pair))
        return found

    def run_pair(
        self, pair: str, progress: Callable[[int, int, str], None] = lambda done, total, name: None
    ) -> list[PairResult]:
        """Run every case of a pair.

        Parameters
        ----------
        pair : str
            Its name.
        progress : callable
            Called before each case with its number, how many there are, and its name.

        Returns
        -------
        list of PairResult
            One for the port, then one for each other Python side, named ``PAIR [SIDE]``.
        """
        try:
            listing = self._listing(pair)
        except (ProjectError, CasesError, EngineError) as error:
            return [PairResult(pair, [], str(error))]
        cases = listing.cases
        results = {label: PairResult(label, []) for label in (pair, *sum(cases.values(), ()))}
        for done, (case, labels) in enumerate(cases.items(), start=1):
            progress(done, len(cases), case)
            for result in self.run_case(pair, case, labels):
                results[result.pair].cases.append(result)
        results[pair] = results[pair].with_deviation(listing.deviation)
        return list(results.values())

    def run_case(self, pair: str, case: str, labels: Sequence[str] = ()) -> list[CaseResult]:
        """Run one case, under each of the labels of `listing`; by default the port's alone.

        Raises
        ------
        OctaveNotFoundError
            If there is no Octave; where `machine` found one, that is the case's error.
        """
        labels = list(labels or [pair])
        results: list[CaseResult] = []
        while len(results) < len(labels):
            left = labels[len(results) :]
            try:
                self._ask(wire.RunCase(pair, case, tuple(left)), results)
            except (EngineError, CasesError, ProjectError, OctaveNotFoundError) as error:
                if isinstance(error, OctaveNotFoundError) and not self._has_octave:
                    raise
                left = labels[len(results) :]
                is_shared = not isinstance(error, EngineError) or error.phase.runs_octave
                results += [
                    CaseResult(
                        label, case, Verdict.ERROR, problem=str(error), dead=True, oracle=self.said
                    )
                    for label in (left if is_shared else left[:1])
                ]
        self._remember(pair, case, results)
        return results

    def _remember(self, pair: str, case: str, results: Sequence[CaseResult]) -> None:
        for result in results:
            if result.pair == pair and not result.dead:
                self._ran.setdefault(pair, {})[case] = result.agrees

    def explain(self, pair: str, case: str) -> str:
        """Say in words where, and why, a case went wrong, or why nothing can be said."""
        try:
            text: str = self._answer(wire.Explain(pair, self._runnable(pair, case)))
        except (EngineError, CasesError, ProjectError, OctaveNotFoundError) as error:
            return f"  not explained: {error}"
        return text

    def mend(self, pair: str) -> wire.Mended:
        """Say what is wrong in a pair of which all cases were run, and what mends it.

        Raises
        ------
        ProjectError
            If that cannot be said.
        """
        try:
            found: wire.Mended = self._answer(wire.FindMend(pair, self._runnable(pair)))
        except (EngineError, CasesError) as error:
            raise ProjectError(f"{pair} cannot be explained: {error}") from None
        return found

    def _runnable(self, pair: str, first: str | None = None) -> tuple[str, ...]:
        """Name the cases that were run and may be run again; one of them, or a failing one, first.

        A case in which a side died is not among them.
        """
        ran = self._ran.get(pair, {})
        names = sorted(ran, key=lambda name: (name != first, ran[name]))
        return tuple(names or ([first] if first else []))

    def trace(
        self, pair: str, case: str, depth: int, forced: bool, selection: Selection, width: int
    ) -> wire.Traced:
        """Trace a case, and return the table and whether all agrees.

        Raises
        ------
        ProjectError
            If it cannot be traced.
        """
        request = wire.TraceCase(pair, case, depth, forced, selection, width)
        try:
            found: wire.Traced = self._answer(request)
        except EngineError as error:
            raise ProjectError(f"{pair} cannot be traced: {error}") from None
        return found

    def record_case(self, pair: str, case: str, limits: Limits) -> str:
        """Record a case, and return why its values are left out, where they are.

        Raises
        ------
        ProjectError, EngineError
            If it cannot be recorded.
        """
        left_out: str = self._answer(wire.RecordCase(pair, case, limits))
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
                self._ask(wire.Cover(pair, tuple(left[:COVERED_AT_ONCE])), done)
            except EngineError as error:
                lost = left[len(done)]
                done.append(Covered(lost, notes=(f"case {lost!r} is not counted: {error}",)))
            for one in done:
                reach = reach.with_case(one)
            left = left[len(done) :]
        return reach

    def _answer(self, request: Any) -> Any:
        answers: list[Any] = []
        self._ask(request, answers)
        return answers[0]

    def _ask(self, request: Any, answers: list[Any]) -> None:
        """Append the answers to a request to `answers`, as they come."""
        failure: wire.Failure | None = None
        try:
            for answer in self._asked(request):
                if isinstance(answer, wire.Failure):
                    failure = answer
                else:
                    answers.append(answer)
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
            self._engine = _Process(self.project, self.timeout)
        yield from self._engine.ask(request)


class _Process:
    """One engine: a process in a session of its own, and the socket to it."""

    def __init__(self, project: Project, timeout: float) -> None:
        sweep_once()
        self._stacks = tempfile.TemporaryFile(buffering=0)  # where it says where it is  # noqa: SIM115
        ours, theirs = socket.socketpair()
        self._channel = wire.Channel(ours)
        self._octave: int | None = None
        options = [f"-W{option}" for option in sys.warnoptions]
        arguments = [*options, "-P", "-c", _bootstrap()]
        descriptors = [theirs.fileno(), self._stacks.fileno()]
        try:
            self._popen = subprocess.Popen(
                [sys.executable, *arguments, *map(str, descriptors)],
                stdin=subprocess.DEVNULL,
                stdout=_standard_error(),  # the report alone is on standard output
                pass_fds=descriptors,
                start_new_session=True,
            )
        finally:
            theirs.close()
        guardian().watch(group=self._popen.pid)
        self._begin, self._now = time.monotonic(), Now(Phase.ENGINE, start_limit(timeout))
        start = wire.Start(replace(project), timeout, sys.path)  # without what it has cached
        with contextlib.suppress(wire.ClosedError, TimeoutError):
            self._channel.send(start, LIMIT)

    def ask(self, request: Any) -> Iterator[Any]:
        """Yield the answers to a request.

        Raises
        ------
        EngineError
            If the engine takes too long, or dies; it must be ended then.
        """
        with contextlib.suppress(wire.ClosedError, TimeoutError):
            self._channel.send(request, LIMIT)
        self._begin = time.monotonic()
        if self._now.phase is not Phase.ENGINE:
            self._now = Now(Phase.COMPARE, LIMIT)
        while True:
            message = self._next()
            if isinstance(message, wire.Done):
                return
            if isinstance(message, Now):
                self._begin, self._now = time.monotonic(), message
                self._octave = message.octave or self._octave
                continue
            yield message

    def _next(self) -> Any:
        limit = self._now.limit + (GRACE if self._now.phase.runs_octave else 0)
        while True:
            left = self._begin + limit - time.monotonic()
            try:
                if self._channel.has_message(max(0.0, min(left, TICK))):
                    return self._channel.receive(max(left, TICK))
            except (wire.ClosedError, TimeoutError):
                if self._popen.poll() is None and left > 0:
                    time.sleep(0.05)  # it closes the socket before it is gone
                raise EngineError(self._fate(max(left, TICK)), self._now.phase) from None
            if self._popen.poll() is not None and not self._channel.has_message():
                raise EngineError(self._fate(0), self._now.phase)
            if left <= 0:
                raise EngineError(self._too_long(), self._now.phase)

    def _fate(self, seconds: float) -> str:
        """Say how the engine ended, waiting for its end for a while."""
        phase, took = self._now.phase, time.monotonic() - self._begin
        try:
            status = self._popen.wait(min(seconds, END_SECONDS))
        except subprocess.TimeoutExpired:
            return f"{phase}: its process no longer answers, after {took:.1f} s"
        if status >= 0:
            return f"{phase}: its process ended with exit status {status}, after {took:.1f} s"
        name = signal.Signals(-status).name if -status in list(signal.Signals) else str(-status)
        told = signal.strsignal(-status) or ""
        place = self._place()
        return f"{phase}: its process was ended by {name} ({told}){place}, after {took:.1f} s"

    def _too_long(self) -> str:
        with contextlib.suppress(OSError):
            self._popen.send_signal(signal.SIGUSR1)
            end = time.monotonic() + 0.5
            while not self._stack() and time.monotonic() < end:
                time.sleep(0.01)
            time.sleep(0.01)
        return (
            f"{self._now.phase} did not end within {self._now.limit:g} s and was stopped"
            f"{self._place()} (the limit: --timeout, or timeout= in a Case or [tool.lockstep])"
        )

    def _place(self) -> str:
        """Name the innermost line of the user's that the engine was at."""
        if self._now.phase.runs_octave:
            return ""
        for file, line in re.findall(r'(?m)^  File "([^"]*)", line (\d+)', self._stack()):
            if not _is_library(file):
                return f", at {Path(file).name} line {line}"
        return ""

    def _stack(self) -> str:
        return os.pread(self._stacks.fileno(), STACK_BYTES, 0).decode(errors="replace")

    def end(self, seconds: float, at_once: bool) -> None:
        """End the engine, and Octave, and whatever else they started."""
        self._channel.close()
        if at_once:
            _signal_group(self._popen.pid, signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._popen.wait(seconds)
        for pid in (self._popen.pid, self._octave):
            if pid is not None:
                _signal_group(pid, signal.SIGKILL)
        self._popen.wait()
        guardian().forget(group=self._popen.pid)
        self._stacks.close()
        sweep()


def _is_library(file: str) -> bool:
    path = Path(file)
    return (
        file.startswith("<")
        or path.is_relative_to(Path(__file__).parent)
        or path.is_relative_to(Path(os.__file__).parent)
        or "site-packages" in path.parts
    )


def _standard_error() -> int | None:
    try:
        return sys.__stderr__.fileno() if sys.__stderr__ is not None else subprocess.DEVNULL
    except (OSError, ValueError):
        return subprocess.DEVNULL


def _bootstrap() -> str:
    """Return what starts the engine, wherever this package was found."""
    own = str(Path(__file__).parents[1])
    return f"import sys; sys.path.insert(0, {own!r}); from lockstep.engine import main; main()"


def _signal_group(pid: int, number: int) -> None:
    with contextlib.suppress(OSError):
        os.killpg(pid, number)
