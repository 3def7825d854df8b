"""One Octave on a pseudo-terminal: started, spoken to, and ended, each within its time.

The session is oct2py's, with an engine that is told where to start and how to end. What passes
between us and its prompt is read here: in time that grows with what is printed (a line of 5 MB,
too), no longer than the limit, and kept no further than `KEPT`. May import the standard library,
oct2py and `guardian`.
"""

import atexit
import contextlib
import ctypes
import importlib
import io
import logging
import os
import re
import resource
import signal
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pexpect

from lockstep.sides.guardian import guardian

KEPT = 4_000_000
"""Characters that are kept of what one call prints; the rest is dropped."""

CLOSE_SECONDS = 5.0
"""How long an Octave that was told to quit may take before it is killed."""

QUIET_SECONDS = 0.3
"""Who prints nothing for so long is quiet."""

PROMPT = "PEXPECT_PROMPT>"
"""What Octave prints when it is ready; oct2py's choice."""

QUESTIONS = ("__stdin_prompt>", "debug> ", "keyboard> ")
"""How Octave asks a person for something: pause and input (as octave_kernel has them), keyboard.

Enter answers the first, ``dbcont`` the others.
"""

OPTIONS = [
    *("--no-gui", "--interactive", "--quiet"),
    *("--no-init-file", "--no-line-editing", "--no-history"),
]

_PR_SET_PDEATHSIG = 1


class ProcessDiedError(Exception):
    """Octave ended."""


class ProcessTimeoutError(Exception):
    """Octave did not answer within the limit; it still runs."""


class OctaveProcess:
    """An Octave that was just started.

    Parameters
    ----------
    program : str
        Path of the program.
    folder : Path
        For files of its own; not removed here.
    limit : float or None
        Seconds that the start may take.

    Raises
    ------
    ProcessTimeoutError
        If it is not ready within the limit; it was ended.
    ProcessDiedError
        If it does not start, or is no Octave; the message is what it said.
    """

    def __init__(self, program: str, folder: Path, limit: float | None) -> None:
        self._program, self._folder, self._limit = program, folder, limit
        self._child: Any = None
        self._octave: Any = None
        too_late = threading.Event()
        alarm = threading.Timer(limit or 0, self._give_up, [too_late])
        alarm.daemon = True
        if limit is not None:
            alarm.start()
        try:
            self._octave = self._session()
            answer = self.send("disp (OCTAVE_VERSION)", limit)
        except BaseException as error:
            alarm.cancel()
            said = "" if self._child is None else str(self._child.before or "")
            self.kill()
            if too_late.is_set() or isinstance(error, ProcessTimeoutError):
                raise ProcessTimeoutError(said) from None
            if isinstance(error, Exception):
                raise ProcessDiedError(said or str(error)) from None
            raise
        alarm.cancel()
        if not re.match(r"\d+\.\d+", answer):
            self.kill()
            raise ProcessDiedError(answer)

    def _give_up(self, too_late: threading.Event) -> None:
        too_late.set()
        if self._child is not None:
            _kill_group(self._child.pid)

    def _session(self) -> Any:
        """Start a session of oct2py's whose engine is this process."""
        oct2py = import_oct2py()
        core: Any = sys.modules["oct2py.core"]
        engine = core.OctaveEngine
        core.OctaveEngine = type(
            "OctaveEngine",
            (engine,),
            {
                "_validate_executable": lambda _, executable: "",
                "_get_temp_dir": lambda _: str(self._folder),
                "_create_repl": lambda _: self._repl(),
                "_startup": lambda engine: setattr(engine, "_has_startup", True),
            },
        )
        try:
            octave = oct2py.Oct2Py(
                executable=self._program,
                logger=logging.getLogger("lockstep.octave"),
                temp_dir=str(self._folder),
                load_octaverc=False,
                backend="disable",
            )
        finally:
            core.OctaveEngine = engine
        atexit.unregister(octave._engine.repl.terminate)
        here = Path(sys.modules["octave_kernel"].__file__ or "").parent
        self._octave = octave
        for text in (
            "more off; crash_dumps_octave_core (false); sighup_dumps_octave_core (false);",
            "sigterm_dumps_octave_core (false); max_recursion_depth (256);",
            "warning ('off', 'Octave:shadowed-function');",
            f"addpath ('{quoted(here)}'); set (0, 'defaultfigurevisible', 'off');",
        ):
            self.send(text, self._limit)
        return octave

    def _repl(self) -> Any:
        replwrap = importlib.import_module("metakernel.replwrap")
        self._child = pexpect.spawn(
            self._program,
            OPTIONS,
            encoding="utf-8",
            codec_errors="replace",
            echo=False,
            timeout=self._limit,
            cwd=str(self._folder),  # where no file of the user's has the name of a function
            env={**os.environ, "TERM": "dumb", "PAGER": "cat"},
            preexec_fn=_before_octave(),
            use_poll=hasattr(__import__("select"), "poll"),
        )
        guardian().watch(group=self._child.pid)
        self._child.delaybeforesend = None
        self._child.delayafterclose = self._child.ptyproc.delayafterclose = 0
        return replwrap.REPLWrapper(self._child, "octave.*>", "PS1('{0}'); PS2('{1}')")

    @property
    def pid(self) -> int:
        """Process id; also that of its process group."""
        return int(self._child.pid)

    def send(self, text: str, limit: float | None) -> str:
        """Have Octave run one line of text, and return what it printed.

        Raises
        ------
        ProcessTimeoutError
            If it takes longer than `limit` seconds; the message is what it printed.
        ProcessDiedError
            If Octave ends; the message is what it printed.
        """
        end = None if limit is None else time.monotonic() + limit
        try:
            self._child.send(f"{_ascii(text)}\n")
        except OSError as error:
            raise ProcessDiedError(str(error)) from None
        kept: list[str] = []
        tail, size = "", 0
        while True:
            try:
                chunk = self._chunk(end)
            except (ProcessDiedError, ProcessTimeoutError) as error:
                raise type(error)("".join(kept)) from None
            tail = (tail + chunk)[-len(PROMPT) - 1 :]
            if size < KEPT:
                kept.append(chunk)
                size += len(chunk)
            if tail.endswith(PROMPT):
                break
            if tail.endswith(QUESTIONS):
                answer = "" if tail.endswith(QUESTIONS[0]) else "dbcont"
                kept = ["".join("".join(kept).rpartition("\n")[:2])]
                tail = ""
                self._child.send(f"{answer}\n")
        printed = "".join(kept).removesuffix(PROMPT).replace("\r\n", "\n")
        return printed.removesuffix("\n")

    def _chunk(self, end: float | None) -> str:
        """Read what is there, waiting for it until `end`."""
        while True:
            left = 1.0 if end is None else end - time.monotonic()
            try:
                return str(self._child.read_nonblocking(1 << 16, timeout=max(0.0, min(left, 1.0))))
            except pexpect.TIMEOUT:
                if left <= 0:
                    raise ProcessTimeoutError from None
            except (pexpect.EOF, OSError) as error:
                raise ProcessDiedError(str(error)) from None
            if left <= 0:
                raise ProcessTimeoutError

    def drain(self) -> None:
        """Read what Octave prints unasked, until it is quiet."""
        with contextlib.suppress(pexpect.TIMEOUT, pexpect.EOF, OSError):
            while True:
                self._child.read_nonblocking(1 << 16, timeout=QUIET_SECONDS)

    def quit(self) -> None:
        """Tell Octave to quit, and kill it if it does not."""
        with contextlib.suppress(Exception):
            self.send("exit", CLOSE_SECONDS)
        self.kill()

    def kill(self) -> None:
        """Kill Octave with all that it started, and wait until it is gone."""
        child, octave = self._child, self._octave
        if child is not None:
            _kill_group(child.pid)
            guardian().forget(group=child.pid)
            end = time.monotonic() + CLOSE_SECONDS
            with contextlib.suppress(Exception):
                while child.isalive() and time.monotonic() < end:
                    time.sleep(0.002)
            with contextlib.suppress(Exception):
                child.close(force=True)
        if octave is not None:
            with contextlib.suppress(Exception):
                octave.exit()


def _kill_group(pid: int) -> None:
    for kill in (os.killpg, os.kill):
        with contextlib.suppress(OSError):
            kill(pid, signal.SIGKILL)


def _before_octave() -> Callable[[], None]:
    """Return what the new process does before it becomes Octave: bind its life to ours.

    The kernel's signal comes when the thread that started the process ends, so that only the main
    thread may ask for it; without it, Octave ends when its terminal is closed, if it is not busy.
    """
    in_main_thread = threading.current_thread() is threading.main_thread()
    libc = ctypes.CDLL(None) if sys.platform == "linux" else None
    parent = os.getpid()

    def bind() -> None:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))
        if libc is not None and in_main_thread:
            libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
            if os.getppid() != parent:
                os._exit(1)

    return bind


def import_oct2py() -> Any:
    """Import oct2py without the session of its own that it starts when it is first imported.

    ``oct2py.octave`` is then that session, started when somebody first asks for it.
    """
    if "oct2py" in sys.modules:
        return sys.modules["oct2py"]
    kernel: Any = importlib.import_module("octave_kernel.kernel")
    engine = kernel.OctaveEngine

    def refuse(*args: Any, **options: Any) -> None:
        raise OSError("not now")

    kernel.OctaveEngine = refuse
    try:
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            oct2py: Any = importlib.import_module("oct2py")
    finally:
        kernel.OctaveEngine = engine
    sys.modules["oct2py.core"].OctaveEngine = engine  # type: ignore[attr-defined]

    def when_asked_for(name: str) -> Any:
        if name != "octave":
            raise AttributeError(f"module 'oct2py' has no attribute {name!r}")
        oct2py.octave = oct2py.Oct2Py()
        return oct2py.octave

    oct2py.__getattr__ = when_asked_for
    return oct2py


def _ascii(text: str) -> str:
    """Write Octave text in ASCII: the terminal hands over other letters garbled."""
    return text if text.isascii() else f"eval (char ({list(text.encode())}));"


def quoted(path: Path) -> str:
    """Write a path as it stands between single quotes in Octave."""
    return path.as_posix().replace("'", "''")
