"""The Python side: calls the port, and calls it again with nudged numbers.

Octave passes by value, so the port gets copies of the arguments, and what it changed in place is
reported. `nudged` moves every number of a call by one unit in the last place (ulp): how far the
result moves is the rounding floor that the verdict needs. May import `values`, `pairs`, `cases`
`conventions`, `adapter` and `port_modules`.
"""

import contextlib
import copy
import functools
import io
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from types import FunctionType
from typing import Any

import numpy as np

from lockstep.model.values import Row
from lockstep.project.cases import (
    Case,
    CasesError,
    Function,
    load_conventions,
    map_leaves,
)
from lockstep.project.conventions import ConventionError, Conventions, read_conventions
from lockstep.project.pairs import Pair, Project
from lockstep.sides.adapter import Adapter, Bound
from lockstep.sides.port_modules import PortError, PortModules

__all__ = ["Port", "PortError", "PortReply"]


@dataclass(frozen=True)
class PortReply:
    """What one call of the port gave.

    Attributes
    ----------
    result : Any
        What the function returned.
    seconds : float
        Time of the call.
    printed : str
        What it printed.
    changed : list of int
        Positions, from 1, of the arguments that it changed in place.
    """

    result: Any
    seconds: float
    printed: str
    changed: list[int]


class Port:
    """The Python side of a project.

    Parameters
    ----------
    project : Project
        Names the port's package, module or folder.
    """

    def __init__(self, project: Project) -> None:
        self._project = project
        self._modules = PortModules(project)
        self._adapters: dict[str, Adapter] = {}

    def function(self, name: str) -> Callable[..., Any]:
        """Return the port of the pair `name`.

        Raises
        ------
        PortError
            If there is none, or its module cannot be imported.
        """
        return self._modules.function(name)

    def declare(self, pair: Pair, conventions: Conventions) -> None:
        """Take what the cases file of a pair declares; the project's own stands behind it.

        Raises
        ------
        CasesError
            If a convention is not understood.
        """
        where = str(self._project.cases_file(pair))
        table = f"[tool.lockstep.conventions] in {self._project.root / 'pyproject.toml'}"
        try:
            project = read_conventions(self._project.conventions, table, project=True)
        except ConventionError as error:
            raise CasesError(str(error)) from None
        Adapter(pair, conventions, where)
        self._adapters[pair.name] = Adapter(pair, conventions.with_defaults(project))

    def adapter(self, pair: Pair, side: Callable[..., Any] | None = None) -> Adapter:
        """Return what adapts the calls of a pair; another Python side is called as Octave is.

        Raises
        ------
        CasesError
            If the cases file cannot be used.
        """
        if side is not None:
            return Adapter(pair, Conventions())
        if pair.name not in self._adapters:
            file = self._project.cases_file(pair)
            self.declare(pair, load_conventions(file) if file.is_file() else Conventions())
        return self._adapters[pair.name]

    @contextlib.contextmanager
    def assuming(self, pair: Pair, conventions: Conventions) -> Iterator[None]:
        """Call the port of a pair by other conventions for a while."""
        before = self.adapter(pair)
        self._adapters[pair.name] = Adapter(pair, conventions)
        try:
            yield
        finally:
            self._adapters[pair.name] = before

    def call(self, pair: Pair, case: Case, side: Callable[..., Any] | None = None) -> PortReply:
        """Call the port, or another Python side, with the arguments of a case.

        Raises
        ------
        PortError
            If there is no port.
        Exception
            Whatever the port raises.
        """
        function = side or self.function(pair.name)
        self._seed(case)
        adapter = self.adapter(pair, side)
        args = [self._python_side(one) for one in adapter.arguments(case.args)]
        before = copy.deepcopy(args)
        call = adapter.bind(function, args)
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            start = time.perf_counter()
            result = _called(function, call)
            seconds = time.perf_counter() - start
        changed = [
            i for i, (a, b) in enumerate(zip(args, before, strict=True), 1) if not _same(a, b)
        ]
        return PortReply(result, seconds, printed.getvalue(), changed)

    def call_nudged(
        self, pair: Pair, case: Case, run: int, side: Callable[..., Any] | None = None
    ) -> Any:
        """Call the port with every number moved by one ulp, up or down, and return its result.

        Nudged are the arguments, what function handles return, and what the ports of pairs
        return to each other. Whole numbers stay as they are (sizes, labels and counts are exact),
        unless the arguments hold nothing else.

        Parameters
        ----------
        pair, case : Pair, Case
            The call.
        run : int
            Number of the repetition; each moves the numbers in its own way.
        side : callable, optional
            Another Python side to call in place of the port.

        Raises
        ------
        Exception
            Whatever the port raises.
        """
        function = side or self.function(pair.name)
        self._seed(case)
        nudge = _Nudge(run)
        adapter = self.adapter(pair, side)
        moved = [map_leaves(a, nudge.argument) for a in case.args]
        if not nudge.moved:
            moved = [map_leaves(a, nudge.whole_array) for a in case.args]
        args = [self._python_side(one) for one in adapter.arguments(moved)]
        call = adapter.bind(function, [map_leaves(argument, nudge.handle) for argument in args])
        with contextlib.redirect_stdout(io.StringIO()), self.replacing(nudge.handle):
            return _called(function, call)

    @staticmethod
    def nudge(run: int) -> Callable[[Any], Any]:
        """Return a function that moves every number of a value by one ulp, as repetition `run`."""
        nudge = _Nudge(run)
        return lambda value: map_leaves(value, nudge.number)

    def _seed(self, case: Case) -> None:
        if case.seed is None:
            return
        try:
            rand = self.function("rand")
        except PortError as error:
            if error.__cause__ is not None:
                raise
            raise PortError(
                f"a case has a seed, but {self._project.port} has no function rand to seed; "
                'it is called as rand("twister", seed)'
            ) from None
        rand("twister", case.seed)

    def _python_side(self, argument: Any) -> Any:
        def leaf(value: Any) -> Any:
            if isinstance(value, Row):
                return np.array(value.vector)
            if not isinstance(value, Function):
                return copy.deepcopy(value)
            if value.python is not None:
                return value.python
            function = self.function(str(value.pair))
            bound = [self._python_side(item) for item in value.bound]
            return lambda *args: function(*args, *bound)

        return map_leaves(argument, leaf)

    def replacing(self, change: Callable[[FunctionType], Any]) -> AbstractContextManager[None]:
        """Put something else in place of every pair's function, wherever the port refers to it.

        Parameters
        ----------
        change : callable
            Returns what is to stand in place of a function.
        """
        return self._modules.replacing(change)

    def pair_name(self, function: FunctionType) -> str | None:
        """Return the name of the pair that a function is the port of; None where it is none."""
        return self._modules.pair_name(function)


def _called(function: Callable[..., Any], call: Bound) -> Any:
    """Call a function whose exit() is not to be ours."""
    try:
        return function(*call.args, **call.kwargs)
    except SystemExit as error:
        raise PortError(f"the port ended Python with exit({error.code!r})") from error


def _same(after: Any, before: Any) -> bool:
    if type(after) is not type(before):
        return False
    if isinstance(before, np.ndarray):
        if after.shape != before.shape or after.dtype != before.dtype:
            return False
        if before.dtype == object:
            return all(map(_same, after.ravel(), before.ravel()))
        return np.array_equal(after, before, equal_nan=before.dtype.kind in "fc")
    if isinstance(before, dict):
        return after.keys() == before.keys() and all(_same(after[k], before[k]) for k in before)
    if isinstance(before, (list, tuple)):
        return len(after) == len(before) and all(map(_same, after, before))
    if isinstance(before, (str, int, float, complex, np.generic)):
        return bool(after == before) or bool(after != after and before != before)
    return True


class _Nudge:
    """Moves numbers by one ulp, each up or down; deterministic for each `run`."""

    def __init__(self, run: int) -> None:
        self._random = np.random.default_rng(run)
        self.moved = False

    def argument(self, value: Any) -> Any:
        """Nudge one argument, below `Row` and `Function` too."""
        if isinstance(value, Row):
            return Row(self.argument(value.vector))
        if isinstance(value, Function) and value.pair is not None:
            bound = [map_leaves(item, self.argument) for item in value.bound]
            return Function(value.pair, *bound)
        return self.number(value)

    def number(self, value: Any) -> Any:
        """Nudge a float, a complex number or an array of them that is not all whole numbers."""
        if not _is_floating(value) or _is_whole(value):
            return value
        self.moved = True
        return _moved(value, self._random.integers(0, 2, np.shape(value), np.int8) * 2 - 1)

    def whole_array(self, value: Any) -> Any:
        """Nudge upwards an array of whole numbers: rounding down still gives them."""
        if isinstance(value, Row):
            return Row(self.whole_array(value.vector))
        if not isinstance(value, np.ndarray) or not _is_floating(value) or value.size < 2:
            return value
        return _moved(value, np.nan_to_num(np.sign(value.real)))

    def handle(self, value: Any) -> Any:
        """Return a function whose results are nudged; leave all else alone."""
        if not callable(value):
            return value

        @functools.wraps(value)
        def nudged(*args: Any, **kwargs: Any) -> Any:
            return map_leaves(value(*args, **kwargs), self.number)

        return nudged


def _moved(value: Any, steps: Any) -> Any:
    """Move floats by one ulp, away from zero where `steps` is 1, towards it where it is -1.

    The bits of a float, read as a whole number, count the floats up to it. Zero, Inf and NaN stay.
    """
    numbers = np.asarray(value)
    if numbers.dtype.kind == "c":
        parts = numbers.copy()
        parts.real, parts.imag = _moved(numbers.real, steps), _moved(numbers.imag, steps)
        return parts if isinstance(value, np.ndarray) else numbers.dtype.type(parts)
    bits = np.ascontiguousarray(numbers).view(f"i{numbers.dtype.itemsize}").reshape(numbers.shape)
    moved = (bits + np.asarray(steps, bits.dtype)).view(numbers.dtype)
    moved = np.where((numbers == 0) | ~np.isfinite(numbers), numbers, moved)
    return moved if isinstance(value, np.ndarray) else numbers.dtype.type(moved)


def _is_whole(value: Any) -> bool:
    """Whether all numbers are whole; a few are looked at first, since most arrays are not."""
    some = np.ravel(value)[:8] if isinstance(value, np.ndarray) else value
    return all(bool(np.array_equal(part, np.round(part), equal_nan=True)) for part in (some, value))


def _is_floating(value: Any) -> bool:
    return isinstance(value, (float, complex, np.inexact)) or (
        isinstance(value, np.ndarray) and value.dtype.kind in "fc"
    )
