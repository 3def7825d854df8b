"""The Octave side: one live session, started when it is first needed, ended without a trace.

The session itself is oct2py's; values travel through `lockstep.model.values` rather than oct2py's
own conversion, which drops logical, the class of scalars and the sizes of 1 x n. May import
`model`.
"""

import atexit
import contextlib
import importlib
import io
import logging
import os
import re
import shutil
import signal
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import FrameType, TracebackType
from typing import Any

import numpy as np
import pexpect

from lockstep.model import values

HELPERS = Path(__file__).parents[1] / "mfiles"
CLOSE_SECONDS = 5.0
"""How long an Octave that was told to quit may take before it is killed."""

QUESTION = re.compile("__stdin_prompt>|debug> |keyboard> ")
"""How Octave asks a person for something: pause and input (as octave_kernel has them), keyboard."""


class OctaveError(Exception):
    """Octave raised an error.

    Attributes
    ----------
    message, identifier : str
        As in Octave's ``err.message`` and ``err.identifier``.
    stack : list of str
        Where, innermost first: "NAME line N".
    trace : Any
        What was traced until then, where a trace was asked for.
    """

    def __init__(
        self, message: str, identifier: str = "", stack: Sequence[str] = (), trace: Any = None
    ) -> None:
        super().__init__(message)
        self.message = message
        self.identifier = identifier
        self.stack = list(stack)
        self.trace = trace


class OctaveNotFoundError(Exception):
    """There is no Octave on this machine, or it does not start."""


class OctaveDiedError(Exception):
    """The Octave process ended in the middle of a call."""


@dataclass(frozen=True)
class Reply:
    """What one call gave.

    Attributes
    ----------
    outputs : list
        Decoded outputs (see `lockstep.model.values`).
    seconds : float
        Time inside Octave, without the transfer.
    printed : str
        What the call printed.
    trace : Any
        What lockstep_probe_ recorded, where a trace was asked for.
    """

    outputs: list[Any]
    seconds: float
    printed: str
    trace: Any = None


def find_octave() -> str | None:
    """Return the Octave program: $OCTAVE_EXECUTABLE, octave-cli or octave of the PATH."""
    named = os.environ.get("OCTAVE_EXECUTABLE")
    if named:
        return shutil.which(named)
    return shutil.which("octave-cli") or shutil.which("octave")


class OctaveSession:
    """A live Octave; use it as a context manager, or close it.

    Parameters
    ----------
    paths : sequence of Path
        Folders of .m files, the first found first.

    Notes
    -----
    Nothing is started before the first call. Ctrl-C during a call ends the session and raises
    KeyboardInterrupt; the next call would start a fresh one.
    """

    def __init__(self, paths: Sequence[Path] = ()) -> None:
        self.paths = [Path(path).resolve() for path in paths]
        self._octave: Any = None
        self._folder: Path | None = None

    def __enter__(self) -> "OctaveSession":
        """Return the session, not yet started."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the session."""
        self.close()

    def call(
        self,
        name: str,
        *args: Any,
        nargout: int | None = None,
        seed: Any = None,
        script: bool = False,
        trace: Mapping[str, Any] | None = None,
    ) -> Reply:
        """Call an Octave function.

        Parameters
        ----------
        name : str
            Function, or script with `script`.
        *args : Any
            Arguments, as `lockstep.model.values` maps them.
        nargout : int, optional
            Number of outputs; by default as many as the function declares.
        seed : int or ndarray, optional
            Run ``rand("twister", seed)`` first.
        script : bool
            Run a script in a frame of its own; the one output is a dict of its variables.
        trace : mapping, optional
            What the tracepoints are to record (see `lockstep.sides.octave_trace`).

        Raises
        ------
        OctaveError
            If the function raises an error.
        OctaveNotFoundError
            If there is no Octave to start.
        OctaveDiedError
            If the Octave process ends; the next call starts a fresh one.
        UnsupportedValueError
            If an argument has no counterpart in Octave.
        KeyboardInterrupt
            On Ctrl-C, after the session was ended.
        """
        self._start()
        assert self._folder is not None
        request, reply = self._folder / "request.mat", self._folder / "reply.mat"
        reply.unlink(missing_ok=True)
        values.save(
            request,
            request={
                "name": name,
                "args": list(args),
                "nargout": -1 if nargout is None else nargout,
                "seed": seed,
                "script": script,
                "trace": trace,
            },
        )
        printed = self._eval(f"lockstep_call_('{_quoted(request)}', '{_quoted(reply)}');")
        if not reply.exists():
            raise OctaveError(printed.strip() or f"the call of {name} left no reply")
        return _read(reply, printed)

    def eval(self, text: str) -> str:
        """Run Octave text in the base workspace and return what it printed.

        Raises
        ------
        OctaveError, OctaveNotFoundError, OctaveDiedError, KeyboardInterrupt
            As `call` does.
        """
        self._start()
        return self._eval(text)

    def close(self) -> None:
        """End Octave, by asking it first, and remove what the session left on disk."""
        octave, self._octave = self._octave, None
        folder, self._folder = self._folder, None
        atexit.unregister(self.close)
        if octave is not None:
            _quit(octave)
        if folder is not None:
            shutil.rmtree(folder, ignore_errors=True)

    @property
    def pid(self) -> int | None:
        """Process id of Octave; None while none runs."""
        return None if self._octave is None else int(self._octave._engine.repl.child.pid)

    def _start(self) -> None:
        if self._octave is not None:
            return
        program = find_octave()
        named = os.environ.get("OCTAVE_EXECUTABLE")
        if program is None and named:
            raise OctaveNotFoundError(
                f"$OCTAVE_EXECUTABLE names {named}, which is no program; correct or unset it"
            )
        if program is None:
            raise OctaveNotFoundError(
                "Octave was not found on the PATH; install it with: lockstep doctor --install"
            )
        with _silenced_stderr() as noise:
            oct2py = _import_oct2py(program)
            try:
                self._octave = oct2py.Oct2Py(
                    executable=program,
                    logger=logging.getLogger("lockstep.octave"),
                    load_octaverc=False,
                    backend="disable",
                    extra_cli_options="--no-history",
                )
            except oct2py.Oct2PyError as error:
                raise OctaveNotFoundError(
                    f"{program} does not start: {error}\n{noise()}\nsee: lockstep doctor"
                ) from None
        self._octave.restart = lambda: None  # a session that died is ours to replace, or not
        self._octave._engine.stdin_handler = _no_answer
        self._octave._engine.repl.stdin_prompt_regex = QUESTION
        self._octave._engine._interrupt = self._interrupt
        self._octave._engine.repl.interrupt = self._interrupt
        atexit.register(self.close)
        self._folder = Path(tempfile.mkdtemp(prefix="lockstep_"))
        self._eval("crash_dumps_octave_core (false); sighup_dumps_octave_core (false);")
        self._eval("page_screen_output (false); warning ('off', 'Octave:shadowed-function');")
        for path in [*reversed(self.paths), HELPERS]:
            self._eval(f"addpath ('{_quoted(path)}');")

    def _interrupt(self, *args: Any, **options: Any) -> str:
        """Interrupt Octave, in place of oct2py, which waits half a minute for a prompt.

        None comes where Octave had just answered; and a session that was interrupted ends.
        """
        self._octave._engine.repl.child.sendintr()
        return ""

    def _eval(self, text: str) -> str:
        lines: list[str] = []
        try:
            with _interruptible() as interrupted:
                try:
                    self._octave.eval(_ascii(text), stream_handler=lines.append, quiet=True)
                except sys.modules["oct2py"].Oct2PyError as error:
                    if "Session died" in str(error):
                        raise OctaveDiedError("the Octave process ended in the call") from None
                    if not interrupted:
                        raise OctaveError(_without_prefix(str(error))) from None
            if interrupted:
                raise KeyboardInterrupt
        except (KeyboardInterrupt, OctaveDiedError):
            self.close()
            raise
        return "\n".join(lines)


def _read(reply_file: Path, printed: str) -> Reply:
    reply = values.load(reply_file, "reply")
    trace = reply["trace"] if isinstance(reply["trace"], dict) else None  # [] where none was asked
    if not reply["ok"].item():
        error = reply["error"]
        stack = [str(frame) for frame in error["stack"].ravel()]
        raise OctaveError(error["message"], error["identifier"], stack, trace)
    outputs = list(np.ravel(reply["outputs"]))
    return Reply(outputs, float(reply["seconds"].item()), printed, trace)


def _no_answer(question: str) -> str:
    """Answer what waits for a person: Enter to pause and input, go on to keyboard."""
    return "dbcont" if question.endswith(("debug> ", "keyboard> ")) else ""


def _ascii(text: str) -> str:
    """Write Octave text in ASCII: oct2py hands over other letters garbled."""
    return text if text.isascii() else f"eval (char ({list(text.encode())}));"


def _quoted(path: Path) -> str:
    return path.as_posix().replace("'", "''")


def _without_prefix(message: str) -> str:
    return message.removeprefix("Octave evaluation error:\n").removeprefix("error: ")


def _import_oct2py(program: str) -> Any:
    """Import oct2py without the session of its own that it starts when it is first imported."""
    if "oct2py" not in sys.modules:
        before = os.environ.get("OCTAVE_EXECUTABLE")
        os.environ["OCTAVE_EXECUTABLE"] = program
        try:
            with (
                contextlib.redirect_stdout(io.StringIO()),
                contextlib.redirect_stderr(io.StringIO()),
            ):
                default = getattr(importlib.import_module("oct2py"), "octave", None)
        finally:
            if before is None:
                del os.environ["OCTAVE_EXECUTABLE"]
            else:
                os.environ["OCTAVE_EXECUTABLE"] = before
        if default is not None:
            _quit(default)
    return sys.modules["oct2py"]


def _quit(octave: Any) -> None:
    """Tell Octave to quit, wait for it, and let oct2py clean up what is left."""
    child = octave._engine.repl.child
    with contextlib.suppress(Exception):
        child.sendline("exit")
        child.expect(pexpect.EOF, timeout=CLOSE_SECONDS)
    with contextlib.suppress(Exception):
        octave.exit()


@contextlib.contextmanager
def _interruptible() -> Iterator[list[bool]]:
    """Remember Ctrl-C: oct2py swallows the KeyboardInterrupt that it is told by.

    Yields a list that is empty until Ctrl-C was pressed. Signals reach the main thread only;
    elsewhere there is nothing to remember.
    """
    pressed: list[bool] = []
    if threading.current_thread() is not threading.main_thread():
        yield pressed
        return
    before = signal.getsignal(signal.SIGINT)

    def remember(number: int, frame: FrameType | None) -> None:
        pressed.append(True)
        raise KeyboardInterrupt

    if callable(before):
        signal.signal(signal.SIGINT, remember)
    try:
        yield pressed
    finally:
        if callable(before):
            signal.signal(signal.SIGINT, before)


@contextlib.contextmanager
def _silenced_stderr() -> Iterator[Any]:
    """Keep what a child process writes to standard error from the terminal.

    Debian's octave-cli ends every run with a harmless "error: ignoring const
    execution_exception&", also the one in which oct2py asks for the version. Yields a function
    that returns what was held back.
    """
    with tempfile.TemporaryFile() as held:
        saved = os.dup(2)
        os.dup2(held.fileno(), 2)

        def text() -> str:
            held.seek(0)
            return held.read().decode(errors="replace").strip()

        try:
            yield text
        finally:
            os.dup2(saved, 2)
            os.close(saved)
