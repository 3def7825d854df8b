"""The Python side: calls the port, and calls it again with its numbers moved.

Octave passes by value, so the port gets copies of the arguments, and what it changed in place is
reported. How far the result moves with the arguments (see `nudging`) and with what is computed
inside (see `perturbed`) is the rounding floor that the verdict needs. May import `values`,
`pairs`, `cases`, `conventions`, `adapter`, `port_modules`, `nudging`, `perturbed` and
`surroundings`.
"""

import contextlib
import copy
import io
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from types import FunctionType
from typing import Any

import numpy as np

from lockstep.model.blocks import same_bits
from lockstep.model.errors import RunawayError, described
from lockstep.model.values import Row
from lockstep.project.cases import (
    Case,
    CasesError,
    Function,
    cell_vectors_as_lists,
    load_conventions,
    map_leaves,
)
from lockstep.project.conventions import ConventionError, Conventions, read_conventions
from lockstep.project.pairs import Pair, Project
from lockstep.sides.adapter import Adapter, Bound
from lockstep.sides.nudging import Nudge
from lockstep.sides.perturbed import perturbed
from lockstep.sides.port_modules import PortError, PortModules
from lockstep.sides.surroundings import kept_surroundings

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
        before = adapter.arguments(case.args)
        args = [self._python_side(one) for one in before]
        call = adapter.bind(function, args)
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            start = time.perf_counter()
            result = _called(function, call)
            seconds = time.perf_counter() - start
        changed = [
            i
            for i, (after, own) in enumerate(zip(args, before, strict=True), 1)
            if not _same(after, self._python_side(own, copied=False))
        ]
        return PortReply(result, seconds, printed.getvalue(), changed)

    def call_nudged(
        self,
        pair: Pair,
        case: Case,
        run: int,
        side: Callable[..., Any] | None = None,
        single: bool = True,
    ) -> Any:
        """Call the port with its arguments moved by one ulp, and what it computes moved, too.

        Moved are the arguments, what function handles return, and whatever the port's functions
        compute (see `rounding`). What is whole of the arguments stays as it is: sizes, labels,
        masks and counts are exact.

        Parameters
        ----------
        pair, case : Pair, Case
            The call.
        run : int
            Number of the repetition; each moves the numbers in its own way.
        side : callable, optional
            Another Python side to call in place of the port.
        single : bool
            Whether single numbers are moved, too: Octave gives some.

        Raises
        ------
        Exception
            Whatever the port raises.
        """
        nudge = Nudge(run, single)
        args = [map_leaves(argument, nudge.argument) for argument in case.args]
        return self._call_moved(pair, case, args, run, side, whole=True, single=single)

    def call_perturbed(
        self,
        pair: Pair,
        case: Case,
        run: int,
        side: Callable[..., Any] | None = None,
        single: bool = True,
    ) -> Any:
        """Call the port with its arguments as they are, on a machine that rounds otherwise.

        As `call_nudged`, but for the arguments; and what comes out whole stays as it is, so that a
        comparison goes another way only where what it compares was rounded.
        """
        return self._call_moved(pair, case, case.args, run, side, whole=False, single=single)

    def call_with_nudged_arguments(
        self,
        pair: Pair,
        case: Case,
        run: int,
        side: Callable[..., Any] | None = None,
        single: bool = True,
    ) -> Any:
        """Call the port as it stands with its arguments moved by one ulp: it takes no longer.

        As `call_nudged`, but for what function handles return and what is computed inside.
        """
        nudge = Nudge(run, single)
        args = [map_leaves(argument, nudge.argument) for argument in case.args]
        function = side or self.function(pair.name)
        self._seed(case)
        adapter = self.adapter(pair, side)
        given = [self._python_side(one) for one in adapter.arguments(args)]
        return _called_quietly(function, adapter.bind(function, given))

    def _call_moved(
        self,
        pair: Pair,
        case: Case,
        args: Sequence[Any],
        run: int,
        side: Callable[..., Any] | None,
        whole: bool,
        single: bool,
    ) -> Any:
        function = side or self.function(pair.name)
        self._seed(case)
        adapter = self.adapter(pair, side)
        given = [self._python_side(one) for one in adapter.arguments(args)]
        with perturbed(self._modules.namespaces(function).items(), run, whole, single) as machine:
            call = adapter.bind(function, [map_leaves(one, machine.handle) for one in given])
            return _called_quietly(function, call)

    @staticmethod
    def nudge(run: int) -> Callable[[Any], Any]:
        """Return a function that moves every number of a value by one ulp, as repetition `run`."""
        nudge = Nudge(run)
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

    def _python_side(self, argument: Any, copied: bool = True) -> Any:
        """Return what the port gets for an argument, which it may change if that is `copied`."""

        def leaf(value: Any) -> Any:
            if isinstance(value, Row):
                return np.array(value.vector) if copied else value.vector
            if not isinstance(value, Function):
                return _copied(value) if copied else value
            if value.python is not None:
                return value.python
            function = self.function(str(value.pair))
            bound = [self._python_side(item) for item in value.bound]
            return lambda *args: function(*args, *bound)

        return map_leaves(cell_vectors_as_lists(argument), leaf)

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
    """Call a function whose exit() is not to be ours, nor what it sets for the whole process."""
    try:
        with kept_surroundings():
            return function(*call.args, **call.kwargs)
    except SystemExit as error:
        raise PortError(f"the port ended Python with exit({error.code!r})") from error
    except (Exception, KeyboardInterrupt, RunawayError):
        raise
    except BaseException as error:
        raise PortError(f"the port raised {described(error)}") from error


def _called_quietly(function: Callable[..., Any], call: Bound) -> Any:
    """Call a function again: what it prints and warns of was seen before."""
    with contextlib.redirect_stdout(io.StringIO()), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # they would be about our files
        return _called(function, call)


def _copied(value: Any) -> Any:
    """Copy a value, as copy.deepcopy does; what is most often there at once."""
    if type(value) is np.ndarray and value.dtype != object:
        return value.copy(order="K")
    return value if isinstance(value, (str, int, float, complex)) else copy.deepcopy(value)


def _same(after: Any, before: Any) -> bool:
    if type(after) is not type(before):
        return False
    if isinstance(before, np.ndarray):
        if after.shape != before.shape or after.dtype != before.dtype:
            return False
        if before.dtype == object:
            return all(map(_same, after.ravel(), before.ravel()))
        is_floating = before.dtype.kind in "fc"
        return same_bits(after, before) or np.array_equal(after, before, equal_nan=is_floating)
    if isinstance(before, dict):
        return after.keys() == before.keys() and all(_same(after[k], before[k]) for k in before)
    if isinstance(before, (list, tuple)):
        return len(after) == len(before) and all(map(_same, after, before))
    if isinstance(before, (str, int, float, complex, np.generic)):
        return bool(after == before) or bool(after != after and before != before)
    return True
