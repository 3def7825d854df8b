"""One engine: a process in a session of its own, and the socket to it.

What outlasts its limit, or dies, is told as an `EngineError` that says what was running, where, and
for how long. May import `wire` and all before it; `engine` runs in the other process.
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
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from lockstep import wire
from lockstep.model.installed import is_library
from lockstep.model.own_folders import sweep, sweep_once
from lockstep.model.phases import GRACE, Now, Phase, start_limit
from lockstep.model.processors import one_thread
from lockstep.project.pairs import Project
from lockstep.sides.guardian import MARK, guardian, kill_marked

TICK = 0.5
"""Seconds between two looks at whether the engine still lives."""

END_SECONDS = 1.0
"""How long an engine that was asked to end may take before it is killed."""

QUIT_SECONDS = 8.0
"""The same where nothing is wrong, so that it may end Octave first."""

STACK_BYTES = 100_000
"""How much is read of where an engine says it is."""


class EngineError(Exception):
    """The engine could not answer; the message says what was running, and what became of it.

    Attributes
    ----------
    phase : Phase
        What was running.
    number : int
        For which of many, from 0; -1 where there is one.
    is_endless : bool
        Whether the port was stopped because it did not end; nothing else that is `timed_out`.
    """

    def __init__(
        self, text: str, now: Now | Phase = Phase.COMPARE, *, timed_out: bool = False
    ) -> None:
        super().__init__(text)
        self.phase = now.phase if isinstance(now, Now) else now
        self.number = now.number if isinstance(now, Now) else -1
        self.is_endless = timed_out and self.phase is Phase.PORT


@dataclass(frozen=True)
class Surroundings:
    """What an engine finds around it.

    Attributes
    ----------
    environment : mapping
        Its variables.
    path : tuple of str
        Where it looks for modules.
    folder : Path or None
        Where it works; None for that of this process.
    """

    environment: Mapping[str, str] = field(default_factory=lambda: one_thread(os.environ))
    path: tuple[str, ...] = field(default_factory=lambda: tuple(sys.path))
    folder: Path | None = None


class EngineProcess:
    """One engine: a process in a session of its own, and the socket to it.

    Attributes
    ----------
    told : callable
        Is told what is being done in a long explanation.
    is_broken : bool
        Whether what compares and explains has failed in it.
    is_spent : bool
        Whether nothing else should run in it.
    """

    def __init__(
        self, project: Project, timeout: float, surroundings: Surroundings | None = None
    ) -> None:
        self.told: Callable[[str], None] = lambda doing: None
        self.is_broken = self.is_spent = False
        around = surroundings or Surroundings()
        sweep_once()
        self._stacks = tempfile.TemporaryFile(buffering=0)  # where it says where it is  # noqa: SIM115
        ours, theirs = socket.socketpair()
        self._channel = wire.Channel(ours)
        self._octave: int | None = None
        self._mark = uuid.uuid4().hex
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
                env={**around.environment, MARK: self._mark},
                cwd=around.folder,
            )
        finally:
            theirs.close()
        guardian().watch(group=self._popen.pid, mark=self._mark)
        self._limit = start_limit(timeout)
        self._begin, self._now = time.monotonic(), Now(Phase.ENGINE, self._limit)
        start = wire.Start(
            replace(project), timeout, list(around.path)
        )  # without what it has cached
        with contextlib.suppress(wire.ClosedError, TimeoutError):
            self._channel.send(start, self._limit)

    def ask(self, request: Any) -> Iterator[Any]:
        """Yield the answers to a request.

        Raises
        ------
        EngineError
            If the engine takes too long, or dies; it must be ended then.
        """
        with contextlib.suppress(wire.ClosedError, TimeoutError):
            self._channel.send(request, self._limit)
        self._begin = time.monotonic()
        if self._now.phase is not Phase.ENGINE:
            self._now = Now(Phase.REQUEST, self._limit)
        while True:
            message = self._next()
            if isinstance(message, wire.Done):
                self.is_broken, self.is_spent = message.is_broken, message.is_spent
                return
            if isinstance(message, Now):
                self._begin, self._now = time.monotonic(), message
                self._octave = message.octave or self._octave
                if message.doing:
                    self.told(message.doing)
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
                raise EngineError(self._fate(max(left, TICK)), self._now) from None
            if self._popen.poll() is not None and not self._channel.has_message():
                raise EngineError(self._fate(0), self._now)
            if left <= 0:
                raise EngineError(self._too_long(), self._now, timed_out=True)

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
            if not is_library(file):
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
        kill_marked(self._mark)
        guardian().forget(group=self._popen.pid, mark=self._mark)
        self._stacks.close()
        sweep()


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
