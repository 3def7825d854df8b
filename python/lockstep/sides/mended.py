"""The port as it would be with a change in one of its files; no source is touched.

The code of the live functions is exchanged for that of the changed text, in which a probe in each
loop and function stops a program that goes on without end, and put back afterwards. What a module
or a function keeps between calls (a dict at the top of the module, a mutable default, a cache) is
fresh in every run, unless it is the keeping itself that is wrong. May import `model`, `project`,
`sources`, `port`, `lines_run`, `defaults` and `changed_code`.
"""

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
from lockstep.sides.changed_code import (
    Exchange,
    by_name,
    changed_code,
    code_with,
    defaults_in,
)
from lockstep.sides.defaults import Defaults, own_defaults, renewed, set_defaults
from lockstep.sides.lines_run import lines_run
from lockstep.sides.port import Port, PortReply
from lockstep.sides.port_execution import codes_in, live_functions, without_frames
from lockstep.sides.quick_recorder import QuickRecorder
from lockstep.sources.python_expressions import PROBES, Tables
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
    original : str
        Its text without the change; less is to be compiled where it is known.
    observed : bool
        Whether everything in it has a probe, so that it can be recorded.
    exchange : Exchange, optional
        The change, where the text is without it: to try it takes less than to write it.

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
        original: str = "",
        observed: bool = False,
        exchange: Exchange | None = None,
    ) -> None:
        self._port = port
        self._pair = pair
        self._names = names
        self._tables = Tables()
        self._recorder = QuickRecorder(self._tables)
        try:
            if exchange is None:
                self._new = changed_code(text, original, str(file))
            else:
                self._new = code_with(exchange, text, str(file))
            self._codes = self._new.codes
            if observed:
                tree = read_text(text, file, "", self._tables)
                code = compile(tree, str(file), "exec", dont_inherit=True)
                self._codes = by_name(list(codes_in(code)))
        except (SyntaxError, ValueError, RecursionError) as error:
            raise MendError(str(error)) from error
        self._before = {} if exchange is None and not original else defaults_in(original or text)
        self._restored: list[tuple[FunctionType, CodeType, Defaults]] = []
        self._probes: dict[str, Any] = {}
        self._data: dict[str, Any] = {}
        self._file = file
        self._functions = functions
        self._passed = 0

    def __enter__(self) -> "MendedPort":
        """Put the changed code in place."""
        file = str(self._file)
        every = live_functions({file}) if self._functions is None else self._functions
        names = self._names
        # Of a module that was read before, and again, there may be functions that nobody calls.
        live = [
            one for one in every if one.__code__.co_filename == file and one.__globals__ is names
        ]
        old = by_name([function.__code__ for function in live])
        try:
            for function in live:
                code = function.__code__
                place = old[code.co_qualname].index(code)
                new = self._codes.get(code.co_qualname, [])
                if place >= len(new) or new[place].co_freevars != code.co_freevars:
                    if "<locals>" in code.co_qualname:
                        continue  # a call that is over has left it behind
                    raise MendError(f"{code.co_qualname} is no more what it was")
                self._restored.append((function, code, own_defaults(function)))
                function.__code__ = new[place]
                self._give_defaults(function, code, own_defaults(function))
            kept = {*self._new.literals, *self._new.bound}
            self._data = {name: names[name] for name in kept if name in names}
            self._bind()
        except MendError:
            self.__exit__()
            raise
        self._probes = {name: names.get(name) for name in PROBES}
        names.update(self._recorder.probes())
        return self

    def __exit__(self, *error: object) -> None:
        """Put the port's own code back."""
        for function, code, defaults in self._restored:
            function.__code__ = code
            set_defaults(function, defaults)
        names = self._names
        for name, probe in self._probes.items():
            if probe is None:
                names.pop(name, None)
            else:
                names[name] = probe
        names.update(self._data)
        self._restored, self._probes, self._data = [], {}, {}

    def run(
        self, case: Case, limit: int = 0, fresh: bool = True, seconds: float = RUN_SECONDS
    ) -> PortReply | Exception:
        """Call the changed port with the arguments of a case.

        Parameters
        ----------
        case : Case
            The arguments.
        limit : int
            Probes after which it is stopped as running away; 0 for none.
        fresh : bool
            Whether the module forgets what it kept of the calls before.
        seconds : float
            Time after which it is given up.
        """
        self._recorder.start({}, False, limit)
        self._names.update(self._recorder.probes())
        if fresh:
            self._refresh()
        try:
            with within(seconds):
                return self._port.call(self._pair, case)
        except RunawayError as error:
            return RuntimeError(str(error))
        except Exception as error:
            return without_frames(error)
        finally:
            self._passed = self._recorder.passed()
            self._recorder.start({}, False, 0)  # who runs it further is not stopped
            self._names.update(self._recorder.probes())

    def lines_run(self, case: Case, seconds: float = RUN_SECONDS) -> frozenset[int]:
        """Return the lines of the file that run in a case.

        Parameters
        ----------
        case : Case
            The arguments.
        seconds : float
            Time after which it is given up; the lines are those until then.
        """
        with lines_run(str(self._file)) as found:
            self.run(case, seconds=seconds)
        return frozenset(found)

    @property
    def steps(self) -> int:
        """How many probes the last run has passed, by the turns of its loops and its calls."""
        return self._passed

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
        self._names.update(self._recorder.probes())
        self._refresh()
        reply: PortReply | Exception
        try:
            with within(RUN_SECONDS):
                reply = self._port.call(self._pair, case)
        except RunawayError as error:
            reply = RuntimeError(str(error))
        except Exception as error:
            reply = error
        found = self._recorder.execution(reply)
        without_frames(reply)
        return found

    def _bind(self) -> None:
        """Give the variables at the module's top that the change is of their new values."""
        for name, code in self._new.bound.items():
            try:
                self._names[name] = eval(code, self._names)
            except Exception as error:
                raise MendError(f"{name} has no value: {error}") from error

    def _give_defaults(self, function: FunctionType, code: CodeType, own: Defaults) -> None:
        """Give a function the defaults that the text has, those of constants afresh."""
        name = code.co_qualname
        if name not in self._new.defaults:
            return
        new, before = self._new.defaults[name], self._before.get(name, {})
        try:
            set_defaults(function, renewed(function.__code__, own, new, before, self._names))
        except Exception as error:
            raise MendError(f"a default of {name} has no value: {error}") from error

    def _refresh(self) -> None:
        """Let the module forget what it kept of the calls before."""
        self._names.update(copy.deepcopy(self._new.literals))
        self._bind()
        for function, code, given in self._restored:
            self._give_defaults(function, code, given)
        for value in list(self._names.values()):
            clear: Callable[[], None] | None = getattr(value, "cache_clear", None)
            if callable(clear) and hasattr(value, "cache_info"):
                clear()
