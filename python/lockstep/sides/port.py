"""The Python side: finds the port, calls it, and calls it again with its numbers moved.

Octave passes by value, so the port gets copies of the arguments, and what it changed in place is
reported. How far the result moves with the arguments (see `nudging`) and with what is computed
inside (see `perturbed`) is the rounding floor that the verdict needs. May import `values`,
`pairs`, `cases`, `nudging` and `perturbed`.
"""

import contextlib
import copy
import functools
import importlib
import inspect
import io
import sys
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any

import numpy as np

from lockstep.model.values import Row
from lockstep.project.cases import Case, Function, map_leaves
from lockstep.project.pairs import Pair, Project
from lockstep.sides.nudging import Nudge
from lockstep.sides.perturbed import perturbed


class PortError(Exception):
    """The port of a pair cannot be found, or does not return what its twin returns."""


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
        self._pair_names = {pair.name for pair in project.pairs()}
        self._folder = project.root / project.port
        self._name = project.port
        if not self._folder.is_dir():
            return
        place = self._folder
        if not self._is_folder:
            self._name, place = self._folder.name, self._folder.parent
        if str(place) not in sys.path:
            sys.path.insert(0, str(place))

    @functools.cached_property
    def _is_folder(self) -> bool:
        return self._folder.is_dir() and not (self._folder / "__init__.py").exists()

    def function(self, name: str) -> Callable[..., Any]:
        """Return the port of the pair `name`.

        Raises
        ------
        PortError
            If there is none, or its module cannot be imported.
        """
        try:
            found = self._find(name)
        except (Exception, SystemExit) as error:
            raise PortError(
                f"the port of {name} cannot be imported: {type(error).__name__}: {error}"
            ) from error
        if not callable(found):
            raise PortError(
                f"no Python function {name} in {self._name}; "
                f"it is looked for in {self._name}.{name} and in {self._name} itself"
            )
        return found  # type: ignore[no-any-return]

    def _find(self, name: str) -> Any:
        for module_name in [name] if self._is_folder else [f"{self._name}.{name}", self._name]:
            try:
                module = self._module(module_name)
            except ModuleNotFoundError as error:
                if error.name != module_name and not module_name.startswith(f"{error.name}."):
                    raise
                continue
            found = getattr(module, name, None)
            if found is not None and not isinstance(found, ModuleType):
                return found
        return None

    def _module(self, name: str) -> ModuleType:
        """Import a module; from its file where another one has taken its name (bisect, signal)."""
        taken = sys.modules.get(name)
        if not self._is_folder or taken is None or self._is_ours(taken):
            return importlib.import_module(name)
        file = self._folder / f"{name}.py"
        if not file.is_file():
            raise ModuleNotFoundError(name=name)
        if str(file) not in sys.modules:
            spec = spec_from_file_location(str(file), file)
            assert spec is not None
            assert spec.loader is not None
            module = sys.modules[str(file)] = module_from_spec(spec)
            try:
                spec.loader.exec_module(module)
            except BaseException:
                del sys.modules[str(file)]
                raise
        return sys.modules[str(file)]

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
        args = [self._python_side(argument) for argument in case.args]
        before = copy.deepcopy(args)
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            start = time.perf_counter()
            result = _called(function, args)
            seconds = time.perf_counter() - start
        changed = [
            i for i, (a, b) in enumerate(zip(args, before, strict=True), 1) if not _same(a, b)
        ]
        return PortReply(result, seconds, printed.getvalue(), changed)

    def call_nudged(
        self, pair: Pair, case: Case, run: int, side: Callable[..., Any] | None = None
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

        Raises
        ------
        Exception
            Whatever the port raises.
        """
        nudge = Nudge(run)
        args = [map_leaves(argument, nudge.argument) for argument in case.args]
        return self._call_moved(pair, case, args, run, side, whole=True)

    def call_perturbed(
        self, pair: Pair, case: Case, run: int, side: Callable[..., Any] | None = None
    ) -> Any:
        """Call the port with its arguments as they are, on a machine that rounds otherwise.

        As `call_nudged`, but for the arguments; and what comes out whole stays as it is, so that a
        comparison goes another way only where what it compares was rounded.
        """
        return self._call_moved(pair, case, case.args, run, side, whole=False)

    def _call_moved(
        self,
        pair: Pair,
        case: Case,
        args: Sequence[Any],
        run: int,
        side: Callable[..., Any] | None,
        whole: bool,
    ) -> Any:
        function = side or self.function(pair.name)
        self._seed(case)
        with perturbed(self._namespaces(function).items(), run, whole) as machine:
            given = [map_leaves(self._python_side(a), machine.handle) for a in args]
            with contextlib.redirect_stdout(io.StringIO()), warnings.catch_warnings():
                warnings.simplefilter("ignore")  # they would be about our files
                return _called(function, given)

    def _namespaces(self, function: Callable[..., Any]) -> dict[str, dict[str, Any]]:
        """Return the files that the port is made of, with their globals."""
        found = {str(m.__file__): vars(m) for m in self._modules() if getattr(m, "__file__", None)}
        while isinstance(function, functools.partial):
            function = function.func
        plain = inspect.unwrap(getattr(function, "__func__", function))
        if isinstance(plain, FunctionType):
            found.setdefault(plain.__code__.co_filename, plain.__globals__)
        return found

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
                f"a case has a seed, but {self._name} has no function rand to seed; "
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

    @contextlib.contextmanager
    def replacing(self, change: Callable[[FunctionType], Any]) -> Iterator[None]:
        """Put something else in place of every pair's function, wherever the port refers to it.

        Parameters
        ----------
        change : callable
            Returns what is to stand in place of a function.
        """
        replaced: list[tuple[ModuleType, str, Any]] = []
        for module in self._modules():
            for name, value in list(vars(module).items()):
                if isinstance(value, FunctionType) and self._is_port(value):
                    replaced.append((module, name, value))
        try:
            for module, name, value in replaced:
                module.__dict__[name] = change(value)
            yield
        finally:
            for module, name, value in replaced:
                module.__dict__[name] = value

    def _modules(self) -> list[ModuleType]:
        return [m for m in list(sys.modules.values()) if self._is_ours(m)]

    def _is_ours(self, module: ModuleType | None) -> bool:
        if self._is_folder:
            file = getattr(module, "__file__", None)
            return file is not None and Path(file).parent == self._folder
        name = getattr(module, "__name__", "")
        return name == self._name or name.startswith(f"{self._name}.")

    def _is_port(self, function: FunctionType) -> bool:
        owner = sys.modules.get(function.__module__)
        return function.__name__ in self._pair_names and self._is_ours(owner)


def _called(function: Callable[..., Any], args: list[Any]) -> Any:
    """Call a function whose exit() is not to be ours."""
    try:
        return function(*args)
    except SystemExit as error:
        raise PortError(f"the port ended Python with exit({error.code!r})") from error


def outputs(result: Any, pair: Pair, count: int) -> list[Any]:
    """Split what the port returned into the outputs of its twin.

    Parameters
    ----------
    result : Any
        What the port returned: a tuple of all outputs where the .m file declares several.
    pair : Pair
        Says how many are declared.
    count : int
        How many Octave gave.

    Raises
    ------
    PortError
        If the port returned too few.
    """
    declared = max(len(pair.output_names), count)
    if declared <= 1:
        return [result][:count]
    if not isinstance(result, tuple):
        raise PortError(
            f"{pair.name} declares {declared} outputs in Octave; "
            f"the port must return them as a tuple, not as one {type(result).__name__}"
        )
    if len(result) < count:
        raise PortError(f"Octave gave {count} outputs, the port returned {len(result)}")
    return list(result[:count])


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
