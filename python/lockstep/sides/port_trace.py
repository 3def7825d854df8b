"""The Python side of a trace: a probe after each statement, and Octave's values put in its place.

A copy of the function is compiled with probes in its syntax tree (see `port_source`); the source
stays as it is. A probe records what was bound, as it was at that moment. With forcing it hands
back Octave's value, so that each statement starts from Octave's values and is judged alone. May
import `values`, `pairs`, `cases`, `events`, `port_source` and `port`.
"""

import contextlib
import copy
import functools
import inspect
import math
import sys
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import FunctionType
from typing import Any

import numpy as np

from lockstep.model.errors import RunawayError
from lockstep.model.events import (
    ARGUMENTS_LINE,
    EVENT_LIMIT,
    RETURNED,
    SMALL_VALUE,
    VALUE_BUDGET,
    Event,
    Step,
    Trace,
    can_be_digested,
    digest,
    size_in_bytes,
)
from lockstep.project.cases import Case
from lockstep.project.pairs import Pair
from lockstep.sides.octave_trace import LocalFunction
from lockstep.sides.port import Port, PortReply
from lockstep.sources.port_source import (
    BIND,
    CHANGED,
    CONDITION,
    ENTER,
    JUMP,
    RETURN,
    PortSource,
    instrumented,
    read,
)

Forced = Mapping[tuple[int, int, str, int], Any]
"""What to put in place of a value: by frame, line, name and how often that was bound before.

Conditions stand under the name ``""``: which way to go.
"""


@dataclass(frozen=True)
class PortOutcome:
    """What a traced call of the port gave.

    Attributes
    ----------
    reply : PortReply or Exception
        What it returned, or raised.
    trace : Trace
        What it did until then.
    """

    reply: PortReply | Exception
    trace: Trace


class PortTracer:
    """Traces calls of a port.

    Parameters
    ----------
    port : Port
        The Python side.
    """

    def __init__(self, port: Port) -> None:
        self._port = port

    def source(self, pair: Pair) -> PortSource:
        """Return the source of the port of a pair.

        Raises
        ------
        PortError, SourceError
            If there is none.
        """
        if isinstance(pair, LocalFunction):
            return read(self._own_globals(pair.owner)[pair.own_name])
        return read(self._port.function(pair.name))

    def has(self, local: LocalFunction) -> bool:
        """Whether the module of the port defines a function of this name, too."""
        names = self._own_globals(local.owner)
        found = names.get(local.own_name)
        return isinstance(found, FunctionType) and found.__module__ == names.get("__name__")

    def _own_globals(self, name: str) -> dict[str, Any]:
        function = inspect.unwrap(self._port.function(name))
        return getattr(function, "__globals__", {})

    def trace(
        self,
        pair: Pair,
        case: Case,
        also: tuple[str, ...] = (),
        forced: Forced | None = None,
        nudge: int | None = None,
        limit: float = math.inf,
        whole: Collection[int] = (),
    ) -> PortOutcome:
        """Call the port with the arguments of a case and trace it.

        Parameters
        ----------
        pair, case : Pair, Case
            The call.
        also : tuple of str
            Further pairs whose functions are traced where they are called.
        forced : mapping, optional
            What to put in place of the port's own values.
        nudge : int, optional
            Number of a repetition in which every number is moved by one ulp: the arguments, and
            the values that are put in place.
        limit : float
            Steps (conditions and jumps) after which the port is stopped: it loops for ever.
        whole : collection of int, optional
            Numbers of the events, from 1, whose values are kept whole beyond `VALUE_BUDGET`: what
            a second run is to fetch.
        """
        move = None if nudge is None else self._port.nudge(nudge)
        recorder = _Recorder(forced or {}, move, limit, whole)
        names = [pair.name, *(name for name in also if ">" not in name)]
        for name in names:
            self._port.function(name)  # what is not imported cannot be replaced

        def change(function: FunctionType) -> Any:
            name = self._port.pair_name(function)
            return recorder.instrumented(function, name) if name in names else function

        reply: PortReply | Exception
        try:
            with self._locals_replaced(also, recorder), self._port.replacing(change):
                if nudge is None:
                    reply = self._port.call(pair, case)
                else:
                    result = self._port.call_nudged(pair, case, nudge)
                    reply = PortReply(result, 0.0, "", [])
        except RunawayError as error:
            reply = RuntimeError(str(error))
        except Exception as error:
            reply = error
        finally:
            recorder.remove_probes()
        return PortOutcome(reply, recorder.trace())

    @contextlib.contextmanager
    def _locals_replaced(self, also: Sequence[str], recorder: "_Recorder") -> Iterator[None]:
        """Trace functions that are local to a module, named ``PAIR>FUNCTION``."""
        kept = []
        try:
            for owner, _, name in (one.partition(">") for one in also if ">" in one):
                names = self._own_globals(owner)
                kept.append((names, name, names[name]))
                names[name] = recorder.instrumented(names[name], f"{owner}>{name}")
            yield
        finally:
            for names, name, function in kept:
                names[name] = function


class _Recorder:
    """The probes of one call."""

    def __init__(
        self,
        forced: Forced,
        nudge: Callable[[Any], Any] | None,
        limit: float,
        whole: Collection[int],
    ) -> None:
        self._forced = forced
        self._limit = limit
        self._nudge = nudge
        self._items: list[Event | Step] = []
        self._events = self._steps = 0
        self._dropped = 0
        self._bytes = 0
        self._whole = frozenset(whole)
        self._functions: list[str] = []
        self._callers: dict[int, tuple[str, int]] = {}
        self._bound: Counter[tuple[int, int, str]] = Counter()
        self._last: dict[tuple[int, str], Any] = {}
        self._globals: list[dict[str, Any]] = []
        self.instrumented = functools.cache(self._instrumented)

    def _instrumented(self, function: FunctionType, label: str) -> Any:
        probes = {
            ENTER: self._enter,
            BIND: self._bind,
            CHANGED: self._changed,
            CONDITION: self._condition,
            JUMP: self._jump,
            RETURN: self._return,
        }
        self._globals.append(function.__globals__)
        return instrumented(function, probes, label)

    def remove_probes(self) -> None:
        """Take the probes out of the modules of the port."""
        for names in self._globals:
            for name in (ENTER, BIND, CHANGED, CONDITION, JUMP, RETURN):
                names.pop(name, None)

    def trace(self) -> Trace:
        """Return what was recorded."""
        return Trace(self._items, self._dropped, self._callers)

    def _enter(self, function: str, arguments: dict[str, Any]) -> int:
        self._functions.append(function)
        frame = len(self._functions)
        caller = sys._getframe(2)
        self._callers[frame] = caller.f_code.co_filename, caller.f_lineno
        for name, value in arguments.items():
            self._record(frame, ARGUMENTS_LINE, name, value)
        return frame

    def _bind(self, frame: int, line: int, name: str, value: Any) -> Any:
        if self._nudge is not None and isinstance(value, (float, np.ndarray)):
            moved = self._nudge(value)  # what is computed inside rounds as well
            if isinstance(value, np.ndarray) and value.flags.writeable:
                value[...] = moved
            else:
                value = moved
        self._record(frame, line, name, value)
        return self._in_place(frame, line, name, value)

    def _changed(self, frame: int, line: int, name: str, value: Any) -> Any:
        """Record a variable that a bare call was given, if the call changed it."""
        if not isinstance(value, (np.ndarray, list, dict)):
            return value
        before = self._last.get((frame, name))
        if before is None or _equal(before, value):
            return value
        return self._bind(frame, line, name, value)

    def _condition(self, frame: int, line: int, value: Any) -> Any:
        self._step(frame, line, bool(value))
        key = (frame, line, "", self._bound[frame, line, ""])
        self._bound[frame, line, ""] += 1
        return self._forced.get(key, value)

    def _jump(self, frame: int, line: int) -> None:
        self._step(frame, line, None)

    def _return(self, frame: int, line: int, value: Any) -> Any:
        self._record(frame, line, RETURNED, value)
        return value

    def _step(self, frame: int, line: int, outcome: bool | None) -> None:
        self._steps += 1
        if self._steps > self._limit:
            raise RunawayError(f"it went on for {self._limit} steps, far beyond Octave's")
        if self._steps <= EVENT_LIMIT:
            self._items.append(Step(self._functions[frame - 1], frame, line, outcome))

    def _in_place(self, frame: int, line: int, name: str, value: Any) -> Any:
        key = (frame, line, name, self._bound[frame, line, name])
        self._bound[frame, line, name] += 1
        if key not in self._forced:
            return value
        other = like(value, self._forced[key])
        return other if self._nudge is None else self._nudge(other)

    def _record(self, frame: int, line: int, name: str, value: Any) -> None:
        if self._events == EVENT_LIMIT:
            self._dropped += 1
            return
        self._events += 1
        kept = self._kept(value)
        if isinstance(value, (np.ndarray, list, dict)):
            self._last[frame, name] = kept
        self._items.append(Event(self._functions[frame - 1], frame, line, name, kept))

    def _kept(self, value: Any) -> Any:
        """Copy a value, so that what happens to it later does not rewrite history."""
        size = size_in_bytes(value)
        large = size > SMALL_VALUE and can_be_digested(value)
        if large and self._bytes + size > VALUE_BUDGET:
            if self._events not in self._whole:
                return digest(value, self._events)
        elif large:
            self._bytes += size
        try:
            return copy.deepcopy(value)
        except Exception:
            return value  # a file, a lock: nothing that could be compared


def _equal(before: Any, after: Any) -> bool:
    if isinstance(before, np.ndarray) and isinstance(after, np.ndarray):
        return before.shape == after.shape and np.array_equal(
            before, after, equal_nan=before.dtype.kind in "fc"
        )
    return isinstance(before, type(after)) and repr(before) == repr(after)


def like(own: Any, octave: Any) -> Any:
    """Give Octave's value the form that the port's own value has.

    Parameters
    ----------
    own : Any
        What the port bound.
    octave : Any
        What Octave bound in its place, as decoded.

    Returns
    -------
    Any
        An int, a float, a 1-D array, a list ... as `own` is one; `own` where Octave's value has
        no such form.
    """
    if isinstance(own, (list, tuple)) and isinstance(octave, np.ndarray) and octave.dtype == object:
        if len(own) != octave.size:
            return own
        items = [like(a, b) for a, b in zip(own, octave.ravel(order="F"), strict=True)]
        return type(own)(items)
    if isinstance(own, (list, tuple)) and own and isinstance(octave, np.ndarray):
        if len(own) != octave.size or octave.dtype.kind not in "biufc":
            return own
        numbers = octave.ravel(order="F")
        return type(own)(like(a, numbers[i : i + 1]) for i, a in enumerate(own))
    if isinstance(own, dict) and isinstance(octave, dict):
        return {k: like(v, octave[k]) if k in octave else v for k, v in own.items()}
    if not isinstance(octave, np.ndarray) or octave.dtype.kind not in "biufc":
        return own
    if isinstance(own, np.ndarray):
        return _array_like(own, octave)
    if not isinstance(own, (bool, int, float, complex, np.generic)) or octave.size != 1:
        return own
    number = octave.ravel()[0]
    if isinstance(own, (float, complex)) and not isinstance(own, np.generic):
        return number.item()
    if isinstance(own, (bool, int, np.integer, np.bool_)):
        whole = np.isreal(number) and np.isfinite(number) and number == np.round(number)
        return type(own)(number.real) if whole else own
    if isinstance(own, np.floating) and isinstance(number, np.floating):
        return type(own)(number)
    return number


def _array_like(own: np.ndarray[Any, Any], octave: np.ndarray[Any, Any]) -> Any:
    if own.dtype.kind not in "biufc":
        return own
    kind = own.dtype if own.dtype.kind in "iuf" and octave.dtype.kind == "f" else octave.dtype
    if kind.kind in "iu" and kind != octave.dtype and not np.array_equal(octave, np.round(octave)):
        return own
    if own.ndim == 1 and octave.ndim == 2 and 1 in octave.shape:
        octave = octave.ravel()
    elif own.ndim != octave.ndim and own.size != octave.size:
        return own
    shape = own.shape if own.size == octave.size else octave.shape
    with np.errstate(over="ignore"):  # a single where Octave has a double
        return np.array(octave.reshape(shape, order="F").astype(kind), order="F")
