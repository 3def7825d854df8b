"""What passes between the supervisor and its engine: small messages, and how they travel.

Both directions carry pickles of this package's own dataclasses and of NumPy's arrays. A value of
any other class (a port may return whatever it likes) is replaced by an `Opaque` that names it, so
that nothing of the user's is ever rebuilt outside the engine. May import `model`, `project`,
`runner` and `explaining`.
"""

import io
import pickle
import select
import socket
import struct
import time
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

import numpy as np

from lockstep.cases_run import Usable
from lockstep.explaining import Explained
from lockstep.model.report import Finding, Mend
from lockstep.model.values import Opaque
from lockstep.oracles.recorder import Limits
from lockstep.project.pairs import Project

_HEADER = struct.Struct(">Q")
_PLAIN = (complex, set, frozenset, slice, range, bytearray)
_MAKERS = {"_reconstruct", "scalar", "_frombuffer", "_mareconstruct", "__newobj__"}
"""Functions that pickles of arrays and of dataclasses call."""


# What the supervisor asks for


@dataclass(frozen=True)
class Start:
    """The first message: what the engine works on."""

    project: Project
    timeout: float
    path: list[str]


@dataclass(frozen=True)
class GetMachine:
    """Say what the run is made with (see `lockstep.doctor`)."""


@dataclass(frozen=True)
class GetCases:
    """Read the cases file of a pair; answered by a `lockstep.compare.plan.PairPlan`."""

    pair: str


@dataclass(frozen=True)
class RunCase:
    """Run a case; answered by a result for each of the labels, in order.

    A label is the pair's name, or ``PAIR [SIDE]`` for another Python side. `ahead` names the cases
    that will be asked for next.
    """

    pair: str
    case: str
    labels: tuple[str, ...]
    ahead: tuple[str, ...] = ()


@dataclass(frozen=True)
class Explain:
    """Explain cases that disagree; answered by `Explanation`.

    `usable` names those that were run and can be looked at; the first is to be.
    """

    pair: str
    usable: Usable


@dataclass(frozen=True)
class FindMend:
    """Explain a pair's cases, and say what mends it; answered by `Mended`."""

    pair: str
    usable: Usable


@dataclass(frozen=True)
class TraceCase:
    """Trace a case; answered by `Traced`."""

    pair: str
    case: str
    depth: int
    forced: bool
    selection: Any
    width: int
    found: Finding | None = None
    """What is at fault, where that is known already."""
    with_page: bool = False
    """Whether the answer holds what the page shows."""


@dataclass(frozen=True)
class RecordCase:
    """Record a case; answered by a text: why its values are left out, empty where they are not."""

    pair: str
    case: str
    limits: Limits
    untraced: str = ""
    """Why it is not to be traced; empty where it is."""


@dataclass(frozen=True)
class WriteRecording:
    """Write the recording of a pair whose cases were recorded; answered by `Written`."""

    pair: str


@dataclass(frozen=True)
class Cover:
    """Say what cases reach; answered by a `lockstep.covering.Covered` for each, in order.

    Those after one that ended Octave have none.
    """

    pair: str
    cases: tuple[str, ...]


@dataclass(frozen=True)
class FuzzAgain:
    """Begin a search of a pair with what failed before (see `lockstep.fuzz.fuzzing`)."""

    pair: str
    limit: float


@dataclass(frozen=True)
class FuzzBatch:
    """Try the inputs that are drawn from a seed; answered by what is found, and counts."""

    pair: str
    seed: int
    limit: float


@dataclass(frozen=True)
class FuzzPort:
    """Call the port with the inputs of a batch, announcing each: one of them ends the engine."""

    pair: str
    seed: int
    limit: float
    first: int


@dataclass(frozen=True)
class FuzzInput:
    """Tell an input of a batch in words, with why it is of interest."""

    pair: str
    seed: int
    limit: float
    number: int
    why: str


# What the engine answers


@dataclass(frozen=True)
class Explanation:
    """What was found, in words, and as it is; None where nothing can be said."""

    text: str
    found: Explained | None = None


@dataclass(frozen=True)
class Traced:
    """A trace in words; its pair and itself as the page shows them, where that was asked for."""

    text: str
    agrees: bool
    pair: dict[str, Any] | None = None
    trace: dict[str, Any] | None = None


@dataclass(frozen=True)
class Mended:
    """What was found, in words, and the change of the port; None where none was found."""

    text: str
    failing: int
    mend: Mend | None


@dataclass(frozen=True)
class Failure:
    """The request cannot be met; `kind` is the class of the error."""

    kind: str
    text: str


@dataclass(frozen=True)
class Done:
    """The request was answered.

    Attributes
    ----------
    is_broken : bool
        Whether what compares and explains has failed: a port may have changed NumPy under it.
    is_spent : bool
        Whether a port has taken from the process what it needs, for good.
    """

    is_broken: bool = False
    is_spent: bool = False


class ClosedError(Exception):
    """The other side is gone."""


class Channel:
    """One end of a connected pair of sockets.

    Parameters
    ----------
    end : socket
        Closed with the channel.
    """

    def __init__(self, end: socket.socket) -> None:
        self._end = end
        self._end.setblocking(False)

    def fileno(self) -> int:
        """Return the socket's descriptor."""
        return self._end.fileno()

    def close(self) -> None:
        """Close this end."""
        self._end.close()

    def send(self, message: Any, limit: float | None = None) -> None:
        """Send a message.

        Raises
        ------
        ClosedError
            If the other side is gone.
        TimeoutError
            If it does not read within `limit` seconds.
        """
        data = dumps(message)
        end = None if limit is None else time.monotonic() + limit
        for part in (_HEADER.pack(len(data)), data):
            view = memoryview(part)
            while view:
                self._wait(end, to_write=True)
                try:
                    view = view[self._end.send(view) :]
                except BlockingIOError:
                    continue
                except OSError as error:
                    raise ClosedError(str(error)) from None

    def receive(self, limit: float | None = None) -> Any:
        """Return the next message.

        Raises
        ------
        ClosedError
            If the other side is gone, or sends what is no message.
        TimeoutError
            If none, or only a part of one, comes within `limit` seconds.
        """
        end = None if limit is None else time.monotonic() + limit
        (size,) = _HEADER.unpack(self._read(_HEADER.size, end))
        try:
            return loads(self._read(size, end))
        except (pickle.UnpicklingError, MemoryError, OverflowError) as error:
            raise ClosedError(str(error)) from None

    def has_message(self, seconds: float = 0) -> bool:
        """Tell whether something is there to be read, or comes within some seconds."""
        return self._is_ready(seconds)

    def _read(self, size: int, end: float | None) -> bytearray:
        data = bytearray(size)
        view = memoryview(data)
        while view:
            self._wait(end)
            try:
                count = self._end.recv_into(view)
            except BlockingIOError:
                continue
            except OSError as error:
                raise ClosedError(str(error)) from None
            if count == 0:
                raise ClosedError("the other side closed")
            view = view[count:]
        return data

    def _wait(self, end: float | None, to_write: bool = False) -> None:
        left = None if end is None else max(0.0, end - time.monotonic())
        if not self._is_ready(left, to_write):
            raise TimeoutError

    def _is_ready(self, seconds: float | None, to_write: bool = False) -> bool:
        poller = select.poll()
        poller.register(self._end, select.POLLOUT if to_write else select.POLLIN)
        return bool(poller.poll(None if seconds is None else 1000 * seconds))


def dumps(message: Any) -> bytes:
    """Write a message, with a stand-in for every value of a class that is not ours."""
    stream = io.BytesIO()
    _Pickler(stream, pickle.HIGHEST_PROTOCOL).dump(message)
    return stream.getvalue()


def loads(data: bytes | bytearray) -> Any:
    """Read a message.

    Raises
    ------
    pickle.UnpicklingError
        If it is none, or holds a class that is not ours.
    """
    try:
        return _Unpickler(io.BytesIO(data)).load()
    except pickle.UnpicklingError:
        raise
    except Exception as error:
        raise pickle.UnpicklingError(f"{type(error).__name__}: {error}") from None


class _Pickler(pickle.Pickler):
    def reducer_override(self, value: Any) -> Any:
        if _may_travel(value):
            return NotImplemented
        return Opaque, (_name_of(type(value)), _name_of(type(value)))


class _Unpickler(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        found = super().find_class(module, name)
        if not _may_travel(found):
            raise pickle.UnpicklingError(f"{module}.{name} is no part of a message")
        return found


def _may_travel(value: Any) -> bool:
    """Whether a value, class or function that a pickle names is known to be harmless."""
    if isinstance(value, type):
        return _is_known_class(value)
    if callable(value) and hasattr(value, "__name__"):
        module = str(getattr(value, "__module__", ""))
        return value.__name__ in _MAKERS and module.split(".")[0] in ("numpy", "copyreg")
    return _is_known_class(type(value))


def _is_known_class(kind: type) -> bool:
    module = kind.__module__
    if kind in _PLAIN:
        return True
    if module.split(".")[0] == "numpy":
        return issubclass(kind, (np.ndarray, np.generic, np.dtype))
    if module.split(".")[0] == "pathlib":
        return issubclass(kind, PurePath)
    return module.startswith(("lockstep.", "scipy.sparse"))


def _name_of(kind: type) -> str:
    module = kind.__module__
    return kind.__qualname__ if module == "builtins" else f"{module}.{kind.__qualname__}"
