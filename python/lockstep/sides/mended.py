"""The port as it would be with a change in one of its files; no source is touched.

The code of the live functions is exchanged for that of the changed text, in which a probe in each
loop and function stops a program that goes on without end, and put back afterwards. What a module
or a function keeps between calls (a dict at the top of the module, a mutable default, a cache) is
fresh in every run, unless it is the keeping itself that is wrong. May import `model`, `project`,
`sources` and `port`.
"""

import ast
import copy
from collections.abc import Callable, Sequence
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any

from lockstep.model.errors import RunawayError
from lockstep.model.execution import Execution
from lockstep.project.cases import Case
from lockstep.project.pairs import Pair
from lockstep.sides.alarm import within
from lockstep.sides.port import Port, PortReply
from lockstep.sides.port_execution import codes_in, live_functions
from lockstep.sides.recorder import Recorder
from lockstep.sources.python_expressions import PROBES, STEP, Tables
from lockstep.sources.python_functions import FUNCTIONS
from lockstep.sources.python_names import placed
from lockstep.sources.python_source import read_text

RUN_SECONDS = 5.0
"""Time for one run with a change: one that takes longer is given up."""


class MendError(Exception):
    """A changed text cannot take the place of the port's own."""


class MendedPort:
    """The port of one pair with another text of one of its files; use it as a context manager.

    Parameters
    ----------
    port : Port
        The Python side.
    pair : Pair
        Whose function is called.
    names : dict
        What the names of the file's live module stand for.
    file : Path
        The file, as the code of its functions names it.
    text : str
        Its text with the change.
    functions : sequence of function, optional
        The live functions of the file, and perhaps of others, where they are known: it takes a
        while to find them.
    observed : bool
        Whether everything in it has a probe, so that it can be recorded.

    Raises
    ------
    MendError
        If the functions of the text are not those of the module.
    """

    def __init__(
        self,
        port: Port,
        pair: Pair,
        names: dict[str, Any],
        file: Path,
        text: str,
        functions: Sequence[FunctionType] | None = None,
        *,
        observed: bool = False,
    ) -> None:
        self._port = port
        self._pair = pair
        self._names = names
        self._tables = Tables()
        self._recorder = Recorder(self._tables)
        try:
            self._plain = ast.parse(text)
            tree = read_text(text, file, "", self._tables) if observed else guarded(text)
            code = compile(tree, str(file), "exec", dont_inherit=True)
        except (SyntaxError, ValueError, RecursionError) as error:
            raise MendError(str(error)) from error
        self._new = _by_name(list(codes_in(code)))
        self._restored: list[tuple[FunctionType, CodeType, Any]] = []
        self._probes: dict[str, Any] = {}
        self._data: dict[str, Any] = {}
        self._file = file
        self._functions = functions

    def __enter__(self) -> "MendedPort":
        """Put the changed code in place."""
        file = str(self._file)
        every = live_functions({file}) if self._functions is None else self._functions
        live = [one for one in every if one.__code__.co_filename == file]
        old = _by_name([function.__code__ for function in live])
        defaults = _defaults(self._plain)
        try:
            for function in live:
                code = function.__code__
                place = old[code.co_qualname].index(code)
                new = self._new.get(code.co_qualname, [])
                if place >= len(new) or new[place].co_freevars != code.co_freevars:
                    raise MendError(f"{code.co_qualname} is no more what it was")
                self._restored.append((function, code, function.__defaults__))
                function.__code__ = new[place]
                if function.__defaults__ and code.co_qualname in defaults:
                    function.__defaults__ = defaults[code.co_qualname]
        except MendError:
            self.__exit__()
            raise
        names = self._names
        self._probes = {name: names.get(name) for name in PROBES}
        self._data = {name: names[name] for name in _literals(self._plain) if name in names}
        names.update(self._recorder.probes())
        return self

    def __exit__(self, *error: object) -> None:
        """Put the port's own code back."""
        for function, code, defaults in self._restored:
            function.__code__ = code
            function.__defaults__ = defaults
        names = self._names
        for name, probe in self._probes.items():
            if probe is None:
                names.pop(name, None)
            else:
                names[name] = probe
        names.update(self._data)
        self._restored, self._probes, self._data = [], {}, {}

    def run(self, case: Case, limit: int = 0, fresh: bool = True) -> PortReply | Exception:
        """Call the changed port with the arguments of a case.

        Parameters
        ----------
        case : Case
            The arguments.
        limit : int
            Probes after which it is stopped as running away; 0 for none.
        fresh : bool
            Whether the module forgets what it kept of the calls before.
        """
        self._recorder.start({}, False, limit)
        if fresh:
            self._refresh()
        try:
            with within(RUN_SECONDS):
                return self._port.call(self._pair, case)
        except RunawayError as error:
            return RuntimeError(str(error))
        except Exception as error:
            return error

    def record(self, case: Case, main: str) -> Execution:
        """Return what the changed port, which is observed, does in a case.

        Parameters
        ----------
        case : Case
            The arguments.
        main : str
            Name of the pair's function, as the sites have it.
        """
        self._recorder.main = main
        self._recorder.start({}, True, 0)
        self._refresh()
        reply: PortReply | Exception
        try:
            with within(RUN_SECONDS):
                reply = self._port.call(self._pair, case)
        except RunawayError as error:
            reply = RuntimeError(str(error))
        except Exception as error:
            reply = error
        return self._recorder.execution(reply)

    def _refresh(self) -> None:
        """Let the module forget what it kept of the calls before."""
        self._names.update(copy.deepcopy(_literals(self._plain)))
        defaults = _defaults(self._plain)
        for function, code, given in self._restored:
            if given and code.co_qualname in defaults:
                function.__defaults__ = copy.deepcopy(defaults[code.co_qualname])
        for value in list(self._names.values()):
            clear: Callable[[], None] | None = getattr(value, "cache_clear", None)
            if callable(clear) and hasattr(value, "cache_info"):
                clear()


def guarded(text: str) -> ast.Module:
    """Return the tree of a text with a probe at the beginning of each loop and function.

    Raises
    ------
    SyntaxError
        If it is not Python.
    """
    tree = ast.parse(text)
    for node in list(ast.walk(tree)):
        if isinstance(node, (ast.For, ast.AsyncFor, ast.While, *FUNCTIONS)):
            has_text = isinstance(node, FUNCTIONS) and ast.get_docstring(node, clean=False)
            first = min(int(has_text is not None and has_text is not False), len(node.body) - 1)
            call = ast.Expr(ast.Call(ast.Name(STEP, ast.Load()), [], []))
            node.body.insert(first, placed(call, node.body[first]))
    return tree


def _by_name(codes: list[CodeType]) -> dict[str, list[CodeType]]:
    """Sort codes by their qualified names, those of one name in the order of the text."""
    found: dict[str, list[CodeType]] = {}
    for code in sorted(codes, key=lambda one: one.co_firstlineno):
        if code not in found.setdefault(code.co_qualname, []):
            found[code.co_qualname].append(code)
    return found


def _literals(tree: ast.Module) -> dict[str, Any]:
    """Return the lists, dicts and sets of constants that a module binds at its top."""
    found: dict[str, Any] = {}
    for node in tree.body:
        if isinstance(node, ast.Assign) and len(node.targets) == 1:
            target, value = node.targets[0], node.value
            if isinstance(target, ast.Name) and isinstance(value, (ast.List, ast.Dict, ast.Set)):
                try:
                    found[target.id] = ast.literal_eval(value)
                except (ValueError, TypeError):
                    continue
    return found


def _defaults(tree: ast.Module) -> dict[str, tuple[Any, ...]]:
    """Return the defaults of functions and methods, where they are constants."""
    found: dict[str, tuple[Any, ...]] = {}

    def visit(body: list[ast.stmt], prefix: str) -> None:
        for node in body:
            if isinstance(node, ast.ClassDef):
                visit(node.body, f"{prefix}{node.name}.")
            elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.args.defaults:
                try:
                    values = tuple(ast.literal_eval(one) for one in node.args.defaults)
                except (ValueError, TypeError):
                    continue
                found[f"{prefix}{node.name}"] = values

    visit(tree.body, "")
    return found
