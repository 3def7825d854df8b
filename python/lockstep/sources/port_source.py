"""The syntax tree of a port: which statements bind what, and the same function with probes.

`statements` lists what a function binds, in the order of its source; `instrumented` compiles a
copy of it that hands every bound value to a probe, which may hand another one back. The source
itself stays as it is, and so do its line numbers. May import the standard library only.
"""

import ast
import copy
import functools
import inspect
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any, TypeVar

from lockstep.model.errors import SourceError

FRAME, ENTER, BIND, CONDITION, CHANGED, JUMP, RETURN = (
    "lockstep_frame_", "lockstep_enter_", "lockstep_bind_", "lockstep_condition_",
    "lockstep_changed_", "lockstep_jump_", "lockstep_return_",
)  # fmt: skip
"""Names that the copy uses: its call's number, and the probes."""

_JUMPS = (ast.Raise, ast.Break, ast.Continue)
_DEFINED = (ast.FunctionDef, ast.AsyncFunctionDef)
_NESTED = (*_DEFINED, ast.ClassDef, ast.Lambda)


Node = TypeVar("Node", bound=ast.AST)


@dataclass(frozen=True)
class PortStatement:
    """A statement that binds names, or a condition.

    Attributes
    ----------
    line : int
        Where it begins in the file, from 1.
    kind : str
        "bind", "for", "if", "while"; "raise", "break" or "continue" of the body of an if.
    names : tuple of str
        What it binds.
    words : frozenset of str
        Identifiers in it.
    otherwise : bool
        Whether it is the first after an else.
    """

    line: int
    kind: str
    names: tuple[str, ...]
    words: frozenset[str]
    otherwise: bool = False


@dataclass(frozen=True)
class PortSource:
    """A function of the port, as text and as a tree.

    Attributes
    ----------
    file : Path
        The module.
    tree : ast.FunctionDef
        The function in it.
    lines : tuple of str
        The lines of the module.
    """

    file: Path
    tree: ast.FunctionDef
    lines: tuple[str, ...]

    @property
    def arguments(self) -> list[str]:
        """Names of the parameters, in order."""
        args = self.tree.args
        named = [*args.posonlyargs, *args.args, *args.kwonlyargs]
        rest = [arg for arg in (args.vararg, args.kwarg) if arg is not None]
        return [arg.arg for arg in [*named, *rest]]

    @property
    def words(self) -> frozenset[str]:
        """All names of variables in it."""
        names = {node.id for node in ast.walk(self.tree) if isinstance(node, ast.Name)}
        return frozenset({*names, *self.arguments})

    def line_text(self, line: int) -> str:
        """Return the text of the statement that begins on `line`, in one line."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.stmt) and node.lineno == line:
                body = getattr(node, "body", None)
                last = max(line, body[0].lineno - 1) if body else node.end_lineno
                return " ".join(part.strip() for part in self.lines[line - 1 : last])
        return ""

    def begin(self, line: int) -> int:
        """Return the line where the statement that `line` is a part of begins."""
        starts = (node.lineno for node in ast.walk(self.tree) if isinstance(node, ast.stmt))
        return max((start for start in starts if start <= line), default=line)

    def within(self, outer: int, line: int) -> bool:
        """Whether `line` is part of the statement, with its body, that begins on `outer`."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.stmt) and node.lineno == outer:
                return outer <= line <= (node.end_lineno or outer)
        return False

    @property
    def last_line(self) -> int:
        """Line of the last statement, at which a function ends that returns nothing."""
        return self.tree.body[-1].lineno

    def guard(self, line: int, last: int) -> int:
        """Return the condition that keeps `line` from being reached; `last` was evaluated last.

        Of a chain of if and elif that is the condition above `line`, if the port went on to a
        later one: it was false where it had to be true. Else it is `last`.
        """
        for node in ast.walk(self.tree):
            if isinstance(node, ast.If) and line in [inner.lineno for inner in node.body]:
                later: ast.stmt = node
                while isinstance(later, ast.If) and len(later.orelse) == 1:
                    later = later.orelse[0]
                    if isinstance(later, ast.If) and later.lineno == last:
                        return node.lineno
        return last


def _head(node: ast.stmt) -> str:
    """Write a statement without its body."""
    if isinstance(node, (ast.If, ast.While)):
        return f"{'if' if isinstance(node, ast.If) else 'while'} {ast.unparse(node.test)}:"
    if isinstance(node, ast.For):
        return f"for {ast.unparse(node.target)} in {ast.unparse(node.iter)}:"
    if isinstance(node, ast.With):
        return f"with {', '.join(map(ast.unparse, node.items))}:"
    return ast.unparse(node)


def read(function: Callable[..., Any]) -> PortSource:
    """Find the source of a function.

    Raises
    ------
    SourceError
        If it is not written in Python, or its file cannot be read.
    """
    plain = inspect.unwrap(function)
    if not isinstance(plain, FunctionType):
        raise SourceError(f"{getattr(function, '__name__', function)} is not a Python function")
    file = Path(plain.__code__.co_filename)
    try:
        text = file.read_text(encoding="utf-8")
        source = _found(text, file, plain.__name__, plain.__code__.co_firstlineno)
    except (OSError, UnicodeDecodeError, SyntaxError) as error:
        raise SourceError(f"the source of {plain.__name__} cannot be read: {error}") from error
    if source is None:
        raise SourceError(f"{plain.__name__} is not where it was in {file}: was the file changed?")
    return source


@functools.lru_cache(maxsize=64)
def _found(text: str, file: Path, name: str, first: int) -> PortSource | None:
    """Find the function of a module's text whose first line, decorators included, is `first`."""
    for node in ast.walk(ast.parse(text, str(file))):
        if isinstance(node, ast.FunctionDef) and node.name == name:
            begins = min([node.lineno, *(item.lineno for item in node.decorator_list)])
            if begins == first:
                return PortSource(file, node, tuple(text.splitlines()))
    return None


def statements(source: PortSource) -> list[PortStatement]:
    """List the statements of a function that bind names, and its conditions, in source order."""
    return list(_statements(source.tree.body))


def _statements(body: Sequence[ast.stmt], in_if: bool = False) -> Iterator[PortStatement]:
    for node in body:
        if isinstance(node, _DEFINED):
            words = frozenset(re.findall(r"[A-Za-z_]\w*", ast.unparse(node)))
            yield PortStatement(node.lineno, "bind", (node.name,), words)
        if isinstance(node, _NESTED):
            continue
        if in_if and isinstance(node, _JUMPS):
            words = frozenset(re.findall(r"[A-Za-z_]\w*", _head(node)))
            yield PortStatement(node.lineno, type(node).__name__.lower(), (), words)
        kind = {ast.For: "for", ast.If: "if", ast.While: "while"}.get(type(node), "bind")
        names = tuple(dict.fromkeys(_names(node)))
        if names or kind in ("if", "while"):
            words = frozenset(re.findall(r"[A-Za-z_]\w*", _head(node)))
            yield PortStatement(node.lineno, kind, names, words)
        for inner in _bodies(node):
            within = list(_statements(inner, isinstance(node, ast.If) and inner is node.body))
            if within and inner is getattr(node, "orelse", None) and not _is_elif(node, inner):
                within[0] = replace(within[0], otherwise=True)
            yield from within


def _is_elif(node: ast.stmt, orelse: Sequence[ast.stmt]) -> bool:
    """Whether what stands under an else is another if in the same column: an elif."""
    other = orelse[0]
    return (
        isinstance(node, ast.If)
        and isinstance(other, ast.If)
        and (other.col_offset == node.col_offset)
    )


def _bodies(node: ast.stmt) -> Iterator[list[ast.stmt]]:
    for field in ("body", "orelse", "finalbody"):
        inner = getattr(node, field, None)
        if isinstance(inner, list):
            yield inner
    for handler in [*getattr(node, "handlers", []), *getattr(node, "cases", [])]:
        yield handler.body


def _names(node: ast.stmt) -> Iterator[str]:
    """Name what one statement binds itself, not in its body."""
    if isinstance(node, ast.Assign):
        for target in node.targets:
            yield from _targets(target)
    elif isinstance(node, (ast.AugAssign, ast.For)) or (
        isinstance(node, ast.AnnAssign) and node.value is not None
    ):
        yield from _targets(node.target)
    elif isinstance(node, ast.With):
        for item in node.items:
            if item.optional_vars is not None:
                yield from _targets(item.optional_vars)
    yield from _out_names(node)


def _targets(target: ast.expr) -> Iterator[str]:
    if isinstance(target, (ast.Tuple, ast.List)):
        for item in target.elts:
            yield from _targets(item)
        return
    while isinstance(target, (ast.Subscript, ast.Attribute, ast.Starred)):
        target = target.value
    if isinstance(target, ast.Name) and target.id != "_":
        yield target.id


def _out_names(node: ast.stmt) -> Iterator[str]:
    """Name what the statement's calls write to: ``out=x``."""
    if isinstance(node, (ast.Assign, ast.AugAssign, ast.Expr)):
        for call in ast.walk(node.value):
            if isinstance(call, ast.Call):
                for keyword in call.keywords:
                    if keyword.arg == "out":
                        yield from _targets(keyword.value)


class _Instrument(ast.NodeTransformer):
    """Puts probes into the body of one function."""

    def __init__(self, source: PortSource) -> None:
        self._locals = set(source.arguments)
        for node in ast.walk(source.tree):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                self._locals.add(node.id)

    def body(self, nodes: Sequence[ast.stmt], first: Sequence[ast.stmt] = ()) -> list[ast.stmt]:
        """Instrument the statements of a block; `first` goes before them."""
        out = list(first)
        for node in nodes:
            out += self._statement(node)
        return out

    def _statement(self, node: ast.stmt) -> list[ast.stmt]:
        if isinstance(node, _DEFINED):
            return [node, self._bind(node, node.name)]
        if isinstance(node, _NESTED):
            return [node]
        bound = [self._bind(node, name) for name in dict.fromkeys(_names(node))]
        if isinstance(node, (ast.If, ast.While)):
            node.test = self._condition(node, self.visit(node.test))
            node.body = self.body(node.body)
            node.orelse = self.body(node.orelse)
            return [node]
        if isinstance(node, (ast.For, ast.With)):
            node.body = self.body(node.body, first=bound)
            if isinstance(node, ast.For):
                node.orelse = self.body(node.orelse)
            return [node]
        if isinstance(node, ast.Try):
            node.body, node.orelse = self.body(node.body), self.body(node.orelse)
            node.finalbody = self.body(node.finalbody)
            for handler in node.handlers:
                handler.body = self.body(handler.body)
            return [node]
        if isinstance(node, ast.Match):
            for case in node.cases:
                case.body = self.body(case.body)
            return [node]
        if isinstance(node, ast.Return):
            value = self.visit(node.value) if node.value else ast.Constant(None)
            node.value = self._call(RETURN, node, None, value)
            return [node]
        if isinstance(node, _JUMPS):
            said: list[ast.expr] = [ast.Name(FRAME, ast.Load()), ast.Constant(node.lineno)]
            call = ast.Call(ast.Name(JUMP, ast.Load()), said, [])
            return [_placed(ast.Expr(call), node), self.visit(node)]
        if isinstance(node, ast.Expr):
            bound = [self._changed(node, name) for name in self._passed(node)]
        return [self.visit(node), *bound]

    def visit_NamedExpr(self, node: ast.NamedExpr) -> ast.AST:
        """Probe ``(name := value)``."""
        self.generic_visit(node)
        node.value = self._call(BIND, node, node.target.id, node.value)
        return node

    def visit_Lambda(self, node: ast.Lambda) -> ast.AST:
        """Leave functions in functions alone."""
        return node

    def _passed(self, node: ast.Expr) -> list[str]:
        """Name the variables that a bare call could change in place."""
        if not isinstance(node.value, ast.Call):
            return []
        names = [n.id for n in ast.walk(node.value) if isinstance(n, ast.Name)]
        return [name for name in dict.fromkeys(names) if name in self._locals]

    def _bind(self, node: ast.stmt, name: str) -> ast.stmt:
        return self._assigned(node, name, BIND)

    def _changed(self, node: ast.stmt, name: str) -> ast.stmt:
        return self._assigned(node, name, CHANGED)

    def _assigned(self, node: ast.stmt, name: str, probe: str) -> ast.stmt:
        value = self._call(probe, node, name, ast.Name(name, ast.Load()))
        return _placed(ast.Assign([ast.Name(name, ast.Store())], value), node)

    def _condition(self, node: ast.stmt, test: ast.expr) -> ast.expr:
        return self._call(CONDITION, node, None, test)

    def _call(
        self, probe: str, node: ast.stmt | ast.expr, name: str | None, value: ast.expr
    ) -> ast.expr:
        said = [ast.Constant(node.lineno), *([ast.Constant(name)] if name else []), value]
        function = ast.Name(probe, ast.Load())
        return _placed(ast.Call(function, [ast.Name(FRAME, ast.Load()), *said], []), node)


def _placed(new: Node, old: ast.AST) -> Node:
    return ast.fix_missing_locations(ast.copy_location(new, old))


def instrumented(
    function: Callable[..., Any], probes: dict[str, Any], label: str
) -> Callable[..., Any]:
    """Compile a copy of a function that calls probes.

    Parameters
    ----------
    function : callable
        A function written in Python.
    label : str
        What to call it in the trace.
    probes : dict
        Functions by the names `ENTER` (function, arguments as a dict), `BIND` and `CHANGED`
        (frame, line, name, value), `CONDITION` and `RETURN` (frame, line, value), `JUMP` (frame,
        line). The first returns the number of the frame; those that take a value return what is
        to stand in its place.

    Raises
    ------
    SourceError
        If its source cannot be found.
    """
    source = read(function)
    module_globals = inspect.unwrap(function).__globals__
    module_globals.update(probes)
    namespace: dict[str, Any] = {}
    exec(_compiled(source, label), module_globals, namespace)
    made: Callable[..., Any] = namespace[source.tree.name]
    return made


@functools.lru_cache(maxsize=64)
def _compiled(source: PortSource, label: str) -> CodeType:
    """Compile the definition of the copy; a trace runs the port several times."""
    tree = copy.deepcopy(source.tree)
    body = _Instrument(source).body(tree.body)
    names = source.arguments
    arguments = ast.Dict(
        [ast.Constant(name) for name in names], [ast.Name(name, ast.Load()) for name in names]
    )
    enter = ast.Call(ast.Name(ENTER, ast.Load()), [ast.Constant(label), arguments], [])
    tree.body = [_placed(ast.Assign([ast.Name(FRAME, ast.Store())], enter), tree), *body]
    module = ast.fix_missing_locations(ast.Module([tree], []))
    return compile(module, str(source.file), "exec", dont_inherit=True)
