"""The Octave side: one live session, started when it is first needed, ended without a trace.

The process itself is oct2py's (see `lockstep.sides.octave_process`); values travel through
`lockstep.model.values` rather than oct2py's own conversion, which drops logical, the class of
scalars and the sizes of 1 x n. May import `model` and `helpers`.
"""

import atexit
import contextlib
import os
import shutil
import signal
import zlib
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

from lockstep.model.identity import Identity
from lockstep.model.own_folders import make_folder
from lockstep.model.phases import LIMIT, start_limit
from lockstep.model.values import UnsupportedValueError
from lockstep.sides.guardian import guardian
from lockstep.sides.helpers import HELPERS, NamesError, helper_words, write_helpers
from lockstep.sides.octave_calls import (
    SECONDS,
    Call,
    OctaveError,
    Reply,
    own_words,
    printed_parts,
    read_outcomes,
    write_calls,
)
from lockstep.sides.octave_process import (
    KEPT,
    OctaveProcess,
    ProcessDiedError,
    ProcessTimeoutError,
    quoted,
)

__all__ = [
    "Call",
    "OctaveDiedError",
    "OctaveError",
    "OctaveNotFoundError",
    "OctaveSession",
    "OctaveTimeoutError",
    "Reply",
    "TransferError",
    "find_octave",
]


class OctaveNotFoundError(Exception):
    """There is no Octave on this machine, or it does not start."""


class OctaveDiedError(Exception):
    """Octave gave no answer to a call; the next call starts a fresh one.

    Attributes
    ----------
    reached : int or None
        Which of several calls it was in, from 0; None where that is not known.
    """

    def __init__(self, text: str, reached: int | None = None) -> None:
        super().__init__(text)
        self.reached = reached


class OctaveTimeoutError(OctaveDiedError):
    """Octave did not answer within the limit and was ended."""


class TransferError(OctaveDiedError):
    """The files that carry arguments and results cannot be written or read."""


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

    timeout : float, optional
        Seconds that a call may take, and the start too if it is long; None for no limit.

    Attributes
    ----------
    is_careful : bool
        Whether the user's folders are off the path while our helpers work (see `helpers`).

    Notes
    -----
    Nothing is started before the first call. A call that takes too long, or that Ctrl-C ends,
    ends Octave; the next call would start a fresh one.
    """

    chains = True

    def __init__(self, paths: Sequence[Path] = (), timeout: float | None = LIMIT) -> None:
        self.paths = [Path(path).resolve() for path in paths]
        self.timeout = timeout
        self._octave: OctaveProcess | None = None
        self._folder: Path | None = None
        self.is_careful = False

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

        Raises
        ------
        OctaveError
            If the function raises an error.
        OctaveNotFoundError
            If there is no Octave to start.
        OctaveDiedError
            If Octave ends, or takes too long; the next call starts a fresh one.
        UnsupportedValueError
            If an argument has no counterpart in Octave.
        KeyboardInterrupt
            On Ctrl-C, after the session was ended.
        """
        (outcome,) = self.call_each(name, [Call(args, nargout, seed)], script)
        if isinstance(outcome, OctaveError):
            raise outcome
        return outcome

    def call_each(
        self, name: str, calls: Sequence[Call], script: bool = False
    ) -> list[Reply | OctaveError]:
        """Call an Octave function several times in one exchange.

        Parameters
        ----------
        name : str
            Function, or script with `script`.
        calls : sequence of Call
            One at least.
        script : bool
            As in `call`.

        Returns
        -------
        list of Reply or OctaveError
            Of the first call, and of as many after it as went into the exchange.

        Raises
        ------
        OctaveNotFoundError, UnsupportedValueError, KeyboardInterrupt
            As `call` does.
        OctaveDiedError
            If Octave ends, or takes too long; its `reached` is the place of the call that ran.
        """
        self.start()
        try:
            return self._called(name, calls, script)
        except OctaveDiedError:
            self.kill()
            raise
        except (OctaveError, UnsupportedValueError):
            raise
        except BaseException:  # Ctrl-C: nobody knows what Octave is doing now
            self.kill()
            raise

    def _called(self, name: str, calls: Sequence[Call], script: bool) -> list[Reply | OctaveError]:
        assert self._folder is not None
        request_file, reply_file = self._folder / "request.mat", self._folder / "reply.mat"
        try:
            reply_file.unlink(missing_ok=True)
            count = write_calls(request_file, name, calls, script)
        except OSError as error:
            raise TransferError(f"the arguments cannot be written: {error}") from None
        text = f"lockstep_call_ ('{quoted(request_file)}', '{quoted(reply_file)}');"
        printed = self._send(text, more=SECONDS if count > 1 else 0.0)
        if not reply_file.exists():
            self.kill()  # what the call did to this Octave, nobody knows
            raise OctaveError(own_words(printed) or f"{name} left no result")
        try:
            return read_outcomes(reply_file, printed)
        except (OSError, ValueError, KeyError, TypeError, zlib.error) as error:
            said = own_words(printed) or f"{type(error).__name__}: {error}"
            raise TransferError(f"the result cannot be read: {said}") from None

    def eval(self, text: str) -> str:
        """Run Octave text in the base workspace and return what it printed.

        Raises
        ------
        OctaveError, OctaveNotFoundError, OctaveDiedError, KeyboardInterrupt
            As `call` does.
        """
        return self.call("lockstep_eval_", text, nargout=0).printed

    def run(self, text: str) -> str:
        """Have Octave run text at its prompt, and return what it printed.

        Unlike `eval` it may be interrupted, and without harm to what the session holds.

        Raises
        ------
        OctaveNotFoundError, OctaveDiedError
            As `call` does.
        """
        self.start()
        try:
            return self._send(text)
        except OctaveDiedError:
            self.kill()
            raise

    def interrupt(self) -> None:
        """End what Octave is doing, as Ctrl-C does; `settle` is to be called when it has ended."""
        if self.pid is not None:
            with contextlib.suppress(OSError):
                os.kill(self.pid, signal.SIGINT)

    def settle(self) -> None:
        """Drop what an interrupt that came too late has left at the prompt."""
        if self._octave is not None:
            self._octave.drain()

    def identity(self) -> Identity:
        """Say which Octave it is, and its BLAS; it is started for that.

        Raises
        ------
        OctaveNotFoundError, OctaveDiedError
            As `call` does.
        """
        version, blas = self.call("lockstep_version_").outputs
        return Identity("octave", version, blas, find_octave() or "")

    def close(self) -> None:
        """End Octave, by asking it first, and remove what the session left on disk."""
        if self._octave is not None:
            self._octave.quit()
        self.kill()

    def kill(self) -> None:
        """End Octave at once, and remove what the session left on disk."""
        octave, self._octave = self._octave, None
        folder, self._folder = self._folder, None
        atexit.unregister(self.close)
        if octave is not None:
            octave.kill()
        if folder is not None:
            shutil.rmtree(folder, ignore_errors=True)
            guardian().forget(folder=str(folder))

    @property
    def pid(self) -> int | None:
        """Process id of Octave; None while none runs."""
        return None if self._octave is None else self._octave.pid

    def start(self) -> None:
        """Start Octave, if it does not run yet.

        Raises
        ------
        OctaveNotFoundError
            If there is none, or it does not start.
        """
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
        try:
            self._folder = make_folder()
        except OSError as error:
            raise OctaveNotFoundError(f"there is no room for temporary files: {error}") from None
        atexit.register(self.close)
        guardian().watch(folder=str(self._folder))
        try:
            limit = None if self.timeout is None else start_limit(self.timeout)
            self._octave = OctaveProcess(program, self._folder, limit)
            self._add_paths(self._folder)
        except ProcessTimeoutError:
            self.kill()
            raise OctaveNotFoundError(
                f"{program} was not ready after {limit:g} s; see: lockstep doctor"
            ) from None
        except NamesError as error:
            self.kill()
            raise OctaveNotFoundError(str(error)) from None
        except (ProcessDiedError, OctaveDiedError) as error:
            self.kill()
            said = f": {_shown(str(error))}" if str(error).strip() else ""
            raise OctaveNotFoundError(
                f"{program} does not start as Octave does{said}\nsee: lockstep doctor"
            ) from None
        except BaseException:
            self.kill()
            raise

    def _add_paths(self, folder: Path) -> None:
        """Put our helpers and the user's folders on the path; with care where names are the same.

        That is where a file of the user's has the name of a function that the helpers call.
        """
        here = Path.cwd()
        names = {file.stem for one in (here, *self.paths) for file in one.glob("*.m")}
        self._send(f"addpath ('{quoted(HELPERS)}');")
        self.is_careful = bool(names & helper_words())
        if self.is_careful:
            write_helpers(folder / "helpers", names)
            self._send(f"addpath ('{quoted(folder / 'helpers')}');")
            paths = ", ".join(f"'{quoted(path)}'" for path in self.paths)
            self._send(f"lockstep_paths_ ({{{paths}}}, '{quoted(here)}');")
            return
        for path in (*reversed(self.paths), here):
            self._send(f"{'cd' if path is here else 'addpath'} ('{quoted(path)}');")

    def _send(self, text: str, more: float = 0.0) -> str:
        """Have Octave run a line of text, within the limit and `more`."""
        assert self._octave is not None
        limit = None if self.timeout is None else self.timeout + more
        try:
            return self._octave.send(text, limit)
        except ProcessDiedError as error:
            told = "the Octave process ended in the call"
            raise OctaveDiedError(told, _reached(str(error))) from None
        except ProcessTimeoutError as error:
            told = f"Octave did not answer within {self.timeout:g} s and was ended"
            raise OctaveTimeoutError(told, _reached(str(error))) from None


def _reached(printed: str) -> int | None:
    """Return the place of the call that ran last, from 0, where all that was printed was kept."""
    parts = printed_parts(printed) if len(printed) < KEPT else []
    return parts[-1][0] - 1 if parts else None


def _shown(text: str) -> str:
    lines = [line for line in text.splitlines() if "ignoring const execution_exception" not in line]
    return "\n".join(lines).strip()[:400]
