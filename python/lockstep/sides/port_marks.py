"""Which lines and branches of a port its calls reach: its functions run with marks in them.

May import `model`, `sources`, `port`, `port_execution` and `port_modules`.
"""

import tokenize
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any

from lockstep.model.coverage import Marks, Places
from lockstep.model.errors import SourceError
from lockstep.project.pairs import Pair
from lockstep.sides.port import Port
from lockstep.sides.port_execution import codes_in, live_functions, python_function
from lockstep.sides.port_modules import NOT_PORTS
from lockstep.sources.python_marks import MARK, TEST, MarkedModule, marked


class PortMarks:
    """The marks of the port of a pair.

    Attributes
    ----------
    file : Path
        Of the port.
    places : Places
        What the marks of its function say, and of those in the same file that it calls and that
        are no other pair's.
    """

    def __init__(self, file: Path, places: Places) -> None:
        self.file = file
        self.places = places
        self._set: set[int] = set()

    def taken(self) -> Marks:
        """Return the marks that were set, and clear them."""
        found = frozenset(self._set)
        self._set.clear()
        return found

    def functions(self) -> dict[str, Any]:
        """Return what the marked code calls, by name."""

        def test(mark: int, condition: Any) -> Any:
            self._set.add(mark if condition else mark + 1)
            return condition

        return {MARK: self._set.add, TEST: test}


@contextmanager
def port_marks(port: Port, pair: Pair) -> Iterator[PortMarks]:
    """Put marks into the port of a pair for a while.

    Raises
    ------
    SourceError
        If it is not Python, or its source cannot be found.
    PortError
        If there is no port.
    """
    function = python_function(port.function(pair.name))
    if function.__module__.partition(".")[0] in NOT_PORTS:
        raise SourceError(f"{function.__module__}.{function.__qualname__} is a library's own")
    file = Path(function.__code__.co_filename)
    try:
        with tokenize.open(file) as opened:
            module = marked(opened.read(), str(file))
        code = compile(module.tree, str(file), "exec", dont_inherit=True)
    except (OSError, UnicodeDecodeError, SyntaxError, ValueError) as error:
        raise SourceError(f"{file} cannot be read: {error}") from error
    live = live_functions({str(file)})
    chosen = _chosen(port, module, _top(function), live)
    marks = PortMarks(file, _together(module, chosen))
    restored = _exchanged(live, list(codes_in(code)), marks.functions())
    try:
        if not any(one is function for one, _ in restored):
            raise SourceError(
                f"{function.__qualname__} is not where it was in {file}: was the file changed?"
            )
        yield marks
    finally:
        for one, old in restored:
            one.__code__ = old
            for name in (MARK, TEST):
                one.__globals__.pop(name, None)


def _top(function: FunctionType) -> str:
    """Name the function of a module, or the method, that a function is, or is made in."""
    return function.__qualname__.partition(".<locals>")[0]


def _chosen(port: Port, module: MarkedModule, main: str, live: list[FunctionType]) -> list[str]:
    """Name the functions that count: the pair's own, and those that only it stands for."""
    others = {_top(one) for one in live if port.pair_name(one) is not None} - {main}
    found, waiting = [], [main]
    while waiting:
        name = waiting.pop()
        if name in found or name not in module.places:
            continue
        found.append(name)
        waiting += [
            other
            for other in module.places
            if other.rpartition(".")[2] in module.names[name] and other not in others
        ]
    return found


def _together(module: MarkedModule, chosen: list[str]) -> Places:
    places = Places()
    for name in chosen:
        own = module.places[name]
        for line, marks in own.lines.items():
            places.add_line(line, marks)
        for branch, marks in own.branches.items():
            places.add_branch(branch, marks)
    return places


def _exchanged(
    live: list[FunctionType], codes: list[CodeType], names: dict[str, Any]
) -> list[tuple[FunctionType, CodeType]]:
    """Put codes in place of those of functions; return these with what they had."""
    by_place = {(code.co_qualname, code.co_firstlineno): code for code in codes}
    restored = []
    for one in live:
        old = one.__code__
        new = by_place.get((old.co_qualname, old.co_firstlineno))
        if new is not None and new.co_freevars == old.co_freevars:
            one.__globals__.update(names)
            one.__code__ = new
            restored.append((one, old))
    return restored
