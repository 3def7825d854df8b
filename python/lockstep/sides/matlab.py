"""MATLAB in Octave's place: a session of the engine that MathWorks' package matlabengine starts.

As with Octave, arguments and results travel through MAT files (see `lockstep.model.values`), so
that classes and sizes arrive as they are; what the engine itself converts is two paths. The helpers
are those of mfiles/matlab. It was written from MathWorks' documentation and has not been tried with
MATLAB itself. May import `model` and `octave`.
"""

import atexit
import contextlib
import importlib
import io
import os
import shutil
import signal
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from lockstep.model import values
from lockstep.model.identity import Identity
from lockstep.model.own_folders import make_folder
from lockstep.model.phases import LIMIT, start_limit
from lockstep.sides.helpers import HELPERS
from lockstep.sides.octave import (
    Call,
    OctaveDiedError,
    OctaveError,
    OctaveNotFoundError,
    OctaveTimeoutError,
    Reply,
    TransferError,
)

MATLAB_HELPERS = HELPERS / "matlab"

START_OPTIONS = "-nodesktop -nosplash"


class MatlabSession:
    """A live MATLAB; use it as `lockstep.sides.octave.OctaveSession`.

    Parameters
    ----------
    paths : sequence of Path
        Folders of .m files, the first found first.
    timeout : float, optional
        Seconds that a call may take, and the start too if it is long; None for no limit.
    """

    chains = False

    def __init__(self, paths: Sequence[Path] = (), timeout: float | None = LIMIT) -> None:
        self.paths = [Path(path).resolve() for path in paths]
        self.timeout = timeout
        self.pid: int | None = None
        self._engine: Any = None
        self._folder: Path | None = None

    def start(self) -> None:
        """Start MATLAB, if it does not run yet.

        Raises
        ------
        OctaveNotFoundError
            If there is none, or it does not start.
        """
        if self._engine is not None:
            return
        matlab = _matlab_engine()
        limit = None if self.timeout is None else start_limit(self.timeout)
        try:
            self._engine = matlab.start_matlab(START_OPTIONS, background=True).result(limit)
            self._folder = make_folder()
            atexit.register(self.close)
            self.pid = int(self._engine.feval("feature", "getpid", nargout=1))
            for path in (*reversed(self.paths), HELPERS, MATLAB_HELPERS):
                self._engine.addpath(str(path), nargout=0)
            self._engine.cd(str(Path.cwd()), nargout=0)
        except KeyboardInterrupt:
            self.kill()
            raise
        except Exception as error:
            self.kill()
            raise OctaveNotFoundError(f"MATLAB does not start: {_words(error)}") from None

    def call(
        self,
        name: str,
        *args: Any,
        nargout: int | None = None,
        seed: Any = None,
        script: bool = False,
    ) -> Reply:
        """Call a MATLAB function, or run a script.

        Parameters and errors are those of `lockstep.sides.octave.OctaveSession.call`.
        """
        request = {
            "name": name,
            "args": list(args),
            "nargout": -1 if nargout is None else nargout,
            "seed": seed,
            "script": script,
        }
        self.start()
        assert self._folder is not None
        request_file, reply_file = self._folder / "request.mat", self._folder / "reply.mat"
        try:
            reply_file.unlink(missing_ok=True)
            values.save(request_file, request=request)
        except OSError as error:
            self.kill()
            raise TransferError(f"the arguments cannot be written: {error}") from None
        printed = self._run("feval", "lockstep_matlab_", str(request_file), str(reply_file))
        return _read(reply_file, printed)

    def call_each(
        self, name: str, calls: Sequence[Call], script: bool = False
    ) -> list[Reply | OctaveError]:
        """Make the first of several calls: each is an exchange of its own."""
        first = calls[0]
        try:
            reply = self.call(
                name, *first.args, nargout=first.nargout, seed=first.seed, script=script
            )
        except OctaveError as error:
            return [error]
        return [reply]

    def eval(self, text: str) -> str:
        """Run MATLAB text in the base workspace and return what it printed."""
        self.start()
        return self._run("eval", text).removesuffix("\n")

    def identity(self) -> Identity:
        """Say which MATLAB it is, and its BLAS; it is started for that."""
        version = self.call("version", nargout=1).outputs[0]
        return Identity("matlab", version, self.call("version", "-blas", nargout=1).outputs[0])

    def close(self) -> None:
        """End MATLAB, by asking it, and remove what the session left on disk."""
        self._end(kill=False)

    def kill(self) -> None:
        """End MATLAB at once, and remove what the session left on disk."""
        self._end(kill=True)

    def _end(self, kill: bool) -> None:
        engine, self._engine = self._engine, None
        pid, self.pid = self.pid, None
        folder, self._folder = self._folder, None
        atexit.unregister(self.close)
        if kill and pid is not None:
            with contextlib.suppress(OSError):
                os.kill(pid, signal.SIGKILL)
        if engine is not None:
            with contextlib.suppress(Exception):
                engine.quit()
        if folder is not None:
            shutil.rmtree(folder, ignore_errors=True)

    def _run(self, function: str, *args: str) -> str:
        """Have MATLAB call a function without outputs, and return what it printed."""
        matlab = _matlab_engine()
        printed = io.StringIO()
        try:
            future = getattr(self._engine, function)(
                *args, nargout=0, background=True, stdout=printed, stderr=io.StringIO()
            )
            future.result(self.timeout)
            if future.cancelled():  # Ctrl-C: the engine keeps the exception to itself
                raise KeyboardInterrupt
        except matlab.TimeoutError:
            self.kill()
            raise OctaveTimeoutError(
                f"MATLAB did not answer within {self.timeout:g} s and was ended"
            ) from None
        except (matlab.MatlabExecutionError, SyntaxError) as error:
            raise OctaveError(_words(error)) from None
        except Exception as error:
            self.kill()
            raise OctaveDiedError(f"MATLAB ended in the call: {_words(error)}") from None
        except BaseException:
            self.kill()
            raise
        return printed.getvalue()


def _matlab_engine() -> Any:
    try:
        return importlib.import_module("matlab.engine")
    except ImportError:
        raise OctaveNotFoundError(
            "MATLAB's package for Python is missing: install the release of matlabengine that goes "
            "with your MATLAB (pip install 'lockstep-octave[matlab]' takes the newest)"
        ) from None
    except OSError as error:
        raise OctaveNotFoundError(f"MATLAB was not found: {_words(error)}") from None


def _words(error: BaseException) -> str:
    return str(error).strip() or type(error).__name__


def _read(reply_file: Path, printed: str) -> Reply:
    try:
        reply = values.load(reply_file, "reply")
        if reply["ok"].item():
            seconds = float(reply["seconds"].item())
            return Reply(list(np.ravel(reply["outputs"])), seconds, printed)
        error = reply["error"]
        stack = [str(frame) for frame in error["stack"].ravel()]
        raised = OctaveError(error["message"], error["identifier"], stack)
    except (OSError, ValueError, KeyError, TypeError, zlib.error) as problem:
        raise TransferError(f"the result cannot be read: {_words(problem)}") from None
    raise raised
