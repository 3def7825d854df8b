"""A stand-in for MATLAB's engine that speaks the interface of matlabengine and asks Octave.

It has what that package documents: `start_matlab`, functions by name with nargout, stdout, stderr
and background, `eval`, `workspace`, futures and their errors, the types that may cross.
$MATLAB_STAND_IN = "missing" makes the import fail as where MATLAB is not installed, "broken" the
start.
"""

import io
import os
import threading

import numpy as np

import matlab
from lockstep.model.values import to_python
from lockstep.sides.octave import OctaveDiedError, OctaveError, OctaveSession

if os.environ.get("MATLAB_STAND_IN") == "missing":
    raise OSError("Please reinstall MATLAB Engine for Python")


class EngineError(Exception):
    """MATLAB cannot be started."""


class MatlabExecutionError(Exception):
    """A MATLAB function raised an error."""


class RejectedExecutionError(Exception):
    """The engine is terminated."""


class TimeoutError(Exception):
    """There was no result in time."""


class CancelledError(Exception):
    """The call was cancelled."""


class InterruptedError(Exception):
    """The call was interrupted."""


class FutureResult:
    """What a call gives, as soon as it does."""

    def __init__(self, work, cancel=lambda: None):
        self._cancel, self._outcome, self._cancelled = cancel, None, False
        self._thread = threading.Thread(target=self._run, args=[work], daemon=True)
        self._thread.start()

    def _run(self, work):
        try:
            self._outcome = work(), None
        except BaseException as error:
            self._outcome = None, error

    def result(self, timeout=None):
        """Wait for it; Ctrl-C cancels the call and is kept from the caller."""
        try:
            self._thread.join(timeout)
        except KeyboardInterrupt:
            self.cancel()
            return None
        if self._thread.is_alive():
            raise TimeoutError("MATLAB function did not return in time")
        value, error = self._outcome
        if error is not None:
            raise error
        return value

    def cancel(self):
        """Stop the call."""
        self._cancelled = True
        self._cancel()
        return True

    def cancelled(self):
        """Whether it was stopped."""
        return self._cancelled

    def done(self):
        """Whether there is a result."""
        return not self._thread.is_alive()


class MatlabFunc:
    """A function by its name."""

    def __init__(self, engine, name):
        self._engine, self._name = engine, name

    def __call__(self, *args, nargout=1, background=False, stdout=None, stderr=None):
        """Call it."""
        for stream in (stdout, stderr):
            if stream is not None and not isinstance(stream, io.StringIO):
                raise TypeError("stdout must be io.StringIO")
        session = self._engine._session
        if session is None:
            raise RejectedExecutionError("MATLAB has already terminated.")
        sent = [_sent(one) for one in args]
        name, sent = _as_octave_has_it(self._name, sent)

        def work():
            try:
                reply = session.call(name, *sent, nargout=nargout)
            except OctaveError as error:
                raise MatlabExecutionError(error.message) from None
            except OctaveDiedError as error:
                raise RejectedExecutionError(str(error)) from None
            if stdout is not None:
                stdout.write(reply.printed + "\n" * bool(reply.printed))
            found = [_received(one) for one in reply.outputs]
            return None if nargout == 0 else found[0] if nargout == 1 else tuple(found)

        future = FutureResult(work, session.kill)
        return future if background else future.result()


class MatlabWorkSpace:
    """The variables of the base workspace."""

    def __init__(self, engine):
        self._engine = engine

    def __getitem__(self, name):
        """Read one."""
        return self._engine.evalin("base", name)

    def __setitem__(self, name, value):
        """Write one."""
        self._engine.assignin("base", name, value, nargout=0)


class MatlabEngine:
    """MATLAB, that is, Octave."""

    def __init__(self):
        self._session = OctaveSession((), None)
        self._session.start()
        self.workspace = MatlabWorkSpace(self)

    def __getattr__(self, name):
        """Give the function of a name."""
        return MatlabFunc(self, name)

    def quit(self):
        """End it."""
        session, self._session = self._session, None
        if session is not None:
            session.close()

    exit = quit


def start_matlab(option="-nodesktop", background=False):
    """Start the engine."""
    if not isinstance(option, str):
        raise TypeError("the option must be a str")

    def work():
        if os.environ.get("MATLAB_STAND_IN") == "broken":
            raise EngineError("Unable to launch MVM server: License Error")
        return MatlabEngine()

    future = FutureResult(work)
    return future if background else future.result()


def _as_octave_has_it(name, args):
    """Say in Octave what MATLAB has another word for."""
    if name == "feval" and args and args[0] in ("feature", "version"):
        name, args = args[0], args[1:]
    if (name, args) == ("feature", ["getpid"]):
        return "getpid", []
    if name == "eval":
        return "lockstep_eval_", args
    return name, args


def _sent(value):
    if isinstance(value, matlab.double):
        return np.array(value, float)
    if isinstance(value, (str, bool, float, int)):
        return value
    raise TypeError(f"unsupported Python data type: {type(value).__name__}")


def _received(value):
    plain = to_python(value)
    if isinstance(plain, (str, bool, float)):
        return plain
    if isinstance(plain, np.ndarray) and plain.dtype.kind in "fb":
        kind = matlab.logical if plain.dtype.kind == "b" else matlab.double
        return kind(np.atleast_2d(value).tolist())
    raise TypeError(f"unsupported data type returned from MATLAB: {type(plain).__name__}")
