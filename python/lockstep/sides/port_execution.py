"""The Python side, observed: every expression of the port recorded, or given another value.

The code of the port's live functions is exchanged for code with probes (see
`sources.python_source`) and put back afterwards, so that closures, defaults, decorators and
methods stay as they are and no source is touched. May import `model`, `project`, `sources` and
`port`, `port_state` and `recorder`.
"""

import ast
import contextlib
import functools
import gc
import inspect
import sys
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import Any

import numpy as np

from lockstep.model.errors import EndlessError, RunawayError, SourceError
from lockstep.model.execution import Execution, Source
from lockstep.model.summed import Blocks, Window
from lockstep.project.cases import Case
from lockstep.project.pairs import Pair
from lockstep.sides.port import Port, PortReply
from lockstep.sides.port_state import PortState, home_of
from lockstep.sides.quick_recorder import QuickRecorder
from lockstep.sides.recorder import Replacement
from lockstep.sides.sparse_probes import sites_bound_in, sites_in, with_few_probes
from lockstep.sides.windows import Keeping, Summing
from lockstep.sources.python_expressions import ENTER, PROBES, Tables
from lockstep.sources.python_source import read_module

MOST_FILES = 30
"""Files of the port's package that are observed beside the one of the pair."""

BEYOND_THE_PART = 10
"""How many times as many values as outside of a part may be given before a run is stopped."""

_Key = tuple[str, int]
"""Qualified name and line of a function."""


class ObservedPort:
    """The port of one pair with probes in it; use it as a context manager.

    Parameters
    ----------
    port : Port
        The Python side.
    pair : Pair
        Whose function is observed, with the functions of the same package that it can reach.

    Raises
    ------
    SourceError
        If the source of the function cannot be found.
    PortError
        If there is no port.

    Notes
    -----
    While it is open, the functions are slower for every caller in this process.
    """

    def __init__(self, port: Port, pair: Pair) -> None:
        self.port = port
        self.pair = pair
        self._tables = Tables()
        self._recorder = QuickRecorder(self._tables, self._install)
        self._restored: list[tuple[FunctionType, CodeType]] = []
        self._trees: dict[str, tuple[ast.Module, frozenset[int]]] = {}
        self._few: dict[tuple[str, frozenset[int]], dict[_Key, CodeType]] = {}
        self._globals: list[dict[str, Any]] = []
        self._state: PortState | None = None
        self._window: Window | None = None
        self._most = 0
        self._before: list[int] = []
        self._passed = 0
        function = python_function(port.function(pair.name))
        self._recorder.main = function.__qualname__.replace("<locals>.", "")
        self._instrument(function)

    @property
    def source(self) -> Source:
        """The statements and sites of all observed functions."""
        return self._tables.source

    @property
    def main(self) -> str:
        """Name of the pair's function, as the sites have it."""
        return self._recorder.main

    def __enter__(self) -> "ObservedPort":
        """Return the observed port."""
        return self

    def __exit__(self, *error: object) -> None:
        """Put the port's own code back."""
        self.close()

    def close(self) -> None:
        """Put the port's own code back."""
        for function, code in self._restored:
            function.__code__ = code
        for names in self._globals:
            for name in PROBES:
                names.pop(name, None)
        if self._state is not None:
            self._state.restore()
        self._restored, self._globals, self._state = [], [], None

    def run(
        self,
        case: Case,
        replace: Mapping[int, Replacement] | None = None,
        *,
        record: bool = True,
        nudge: int | None = None,
        limit: int = 0,
        stops: bool = False,
    ) -> tuple[Execution, PortReply | Exception]:
        """Call the port with the arguments of a case.

        Parameters
        ----------
        case : Case
            The arguments.
        replace : mapping, optional
            By site, what is to stand in place of its values: a function of how often the site has
            given a value before, and of the value.
        record : bool
            Whether nodes are recorded; without it only the outcome is of use.
        nudge : int, optional
            Number of a repetition in which every number of the arguments is moved by one ulp.
        limit : int
            Probes after which the port is stopped as running away; 0 for what `stop_after` says.
        stops : bool
            Whether it is stopped where no more is recorded: then the reply is an error.
        """
        if self._state is not None:
            self._state.restore()
        recorder = self._recorder
        limit = limit or self._most
        if limit:  # what is not recorded takes its time, too
            limit += BEYOND_THE_PART * self._passed
        changes = {site: self._in_window(site, one) for site, one in (replace or {}).items()}
        self._start(changes, record, limit, self._window if record else None, stops)
        reply: PortReply | Exception
        try:
            with warnings.catch_warnings(), np.errstate(all="ignore"), _older_set_aside():
                warnings.simplefilter("ignore")  # the run that was judged has given them
                if nudge is not None:
                    reply = PortReply(self.port.call_nudged(self.pair, case, nudge), 0.0, "", [])
                elif self._window is not None and not record:
                    with self._with_few_probes(changes):
                        reply = self.port.call(self.pair, case)
                else:
                    reply = self.port.call(self.pair, case)
        except RunawayError as error:
            reply = EndlessError(str(error))
        except Exception as error:
            reply = error
        if isinstance(recorder.watch, Keeping) and not changes:
            self._before = recorder.watch.before
            self._passed = recorder.watch.passed
        return recorder.execution(reply), without_frames(reply)

    def stop_after(self, probes: int) -> None:
        """Stop each run after so many probes from now on, where it has no limit of its own."""
        self._most = probes

    def keep(self, window: Window | None) -> None:
        """Record only a part of each run from now on; None for all of it.

        Turns of replacements count from the beginning of that part.
        """
        self._window, self._before, self._passed = window, [], 0

    def summed(self, case: Case, size: int) -> Blocks:
        """Run the port, and return sums of what it bound, in blocks of so many values."""
        if self._state is not None:
            self._state.restore()
        self._start({}, False, 0, size)
        bound = [site for tree, _ in self._trees.values() for site in sites_bound_in(tree)]
        quiet = warnings.catch_warnings()
        with contextlib.suppress(Exception), quiet, np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            with self._with_few_probes(bound):
                self.port.call(self.pair, case)
        assert isinstance(self._recorder.watch, Summing)
        found = self._recorder.watch.finish()
        found.source = self._tables.source
        return found

    def _start(
        self,
        changes: Mapping[int, Replacement],
        record: bool,
        limit: int,
        part: Window | int | None,
        stops: bool = False,
    ) -> None:
        """Begin a run: where it is not recorded, values pass cheaper probes."""
        self._recorder.start(changes, record, limit, part, stops)
        self._install(self._recorder.probes())

    def _install(self, probes: Mapping[str, Any]) -> None:
        """Let the instrumented functions call these probes from now on."""
        for names in self._globals:
            names.update(probes)

    def _in_window(self, site: int, change: Replacement) -> Replacement:
        """Let a replacement count its turns from the beginning of the part that is recorded."""
        first = self._before[site] if self._before else 0
        if not first:
            return change
        return lambda turn, own: change(turn - first, own) if turn >= first else own

    def rest(self) -> None:
        """Record nothing and stop nothing until the next run: another may call the functions."""
        self._start({}, False, 0, None)

    def plain(self) -> AbstractContextManager[None]:
        """Let the functions run without probes for a while."""
        return self._with_few_probes(())

    @contextlib.contextmanager
    def _with_few_probes(self, sites: Iterable[int]) -> Iterator[None]:
        """Let the functions run with the probes of these sites alone for a while."""
        wanted = frozenset(sites)
        probed = [(function, function.__code__) for function, _ in self._restored]
        for function, code in self._restored:
            codes = self._codes_with_few(code.co_filename, wanted)
            function.__code__ = codes.get((code.co_qualname, code.co_firstlineno), code)
        try:
            yield
        finally:
            for function, code in probed:
                function.__code__ = code

    def _codes_with_few(self, file: str, wanted: frozenset[int]) -> Mapping[_Key, CodeType]:
        """Compile a file with the probes of some sites; what has none of them is as it was."""
        tree, sites = self._trees[file]
        kept = wanted & sites
        if not kept:
            return {}
        if (file, kept) not in self._few:
            code = with_few_probes(tree, kept, file)
            self._few[file, kept] = {
                (one.co_qualname, one.co_firstlineno): one for one in codes_in(code)
            }
        return self._few[file, kept]

    def _instrument(self, function: FunctionType) -> None:
        codes: dict[tuple[str, str, int], CodeType] = {}
        own = Path(function.__code__.co_filename)
        for file, module in _reachable(function):
            label = "" if file == own else f"{module.__name__.rpartition('.')[2]}:"
            try:
                tree = read_module(file, label, self._tables)
                code = compile(tree, str(file), "exec", dont_inherit=True)
            except (OSError, UnicodeDecodeError, SyntaxError) as error:
                if file == own:
                    raise SourceError(f"{file} cannot be read: {error}") from error
                continue
            self._trees[str(file)] = tree, sites_in(tree)
            for inner in codes_in(code):
                codes[str(file), inner.co_qualname, inner.co_firstlineno] = inner
        for live in live_functions({file for file, _, _ in codes}):
            old = live.__code__
            new = codes.get((old.co_filename, old.co_qualname, old.co_firstlineno))
            if new is not None and new.co_freevars == old.co_freevars and ENTER in new.co_names:
                if not any(live.__globals__ is names for names in self._globals):
                    self._globals.append(live.__globals__)
                live.__code__ = new
                self._restored.append((live, old))
        if not any(live is function for live, _ in self._restored):
            self.close()
            if function.__name__ == "<lambda>":
                raise SourceError(f"{own.name}: a lambda is not looked into: make it a def")
            raise SourceError(
                f"{function.__qualname__} is not where it was in {own}: was the file changed?"
            )
        self._install(self._recorder.probes())
        self._state = PortState(live for live, _ in self._restored)


@contextlib.contextmanager
def _older_set_aside() -> Iterator[None]:
    """Let the garbage collector look at what a run makes alone, as nodes come about."""
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


def without_frames(reply: PortReply | Exception) -> PortReply | Exception:
    """Let an error forget where it was raised: its frames hold the port's arrays, and it."""
    return reply.with_traceback(None) if isinstance(reply, Exception) else reply


def python_function(function: Callable[..., Any]) -> FunctionType:
    """Return the Python function behind a port: below partial, decorators and bound methods.

    Raises
    ------
    SourceError
        If it is not written in Python.
    """
    found: Any = function
    while not isinstance(found, FunctionType):
        inner = getattr(found, "func", None) or getattr(found, "__func__", None)
        inner = inner or getattr(found, "__wrapped__", None)
        if inner is None and not isinstance(found, type):
            inner = vars(type(found)).get("__call__")
            inner = inner if isinstance(inner, FunctionType) else None
        if inner is None:
            name = getattr(function, "__name__", repr(function))
            raise SourceError(f"{name} is not written in Python")
        found = inner
    unwrapped = inspect.unwrap(found)
    return unwrapped if isinstance(unwrapped, FunctionType) else found


def _reachable(function: FunctionType) -> list[tuple[Path, ModuleType]]:
    """List the files of the functions that `function` can reach in its own package, its own first.

    A file belongs to the package if it is in the folder of the function's file, or its module in
    the same top package.
    """
    found: dict[Path, ModuleType] = {}
    level = [function]
    folder = Path(function.__code__.co_filename).parent
    top = home_of(function).partition(".")[0]
    while level and len(found) < MOST_FILES:
        here = level.pop(0)
        file = Path(here.__code__.co_filename)
        module = sys.modules.get(home_of(here))
        if file in found or module is None:
            continue
        found[file] = module
        for value in list(vars(module).values()):
            for other in _functions_of(value):
                home = home_of(other)
                near = Path(other.__code__.co_filename).parent == folder
                if near or home == top or home.startswith(f"{top}."):
                    level.append(other)
    return list(found.items())


def _functions_of(value: Any) -> Iterator[FunctionType]:
    """Yield the functions that a value is, or has: what a decorator was given, too."""
    members = vars(value).values() if isinstance(value, (ModuleType, type)) else [value]
    for one in list(members):
        if isinstance(one, FunctionType):
            yield one
        if isinstance(one, (FunctionType, functools._lru_cache_wrapper)):
            inner = inspect.unwrap(one)
            if isinstance(inner, FunctionType):
                yield inner


def codes_in(code: CodeType) -> Iterator[CodeType]:
    """Yield the codes of the functions that a code holds, at any depth."""
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield constant
            yield from codes_in(constant)


def live_functions(files: set[str]) -> list[FunctionType]:
    """List the functions of some files that are alive."""
    return [
        found
        for found in gc.get_objects()
        if type(found) is FunctionType and found.__code__.co_filename in files
    ]
