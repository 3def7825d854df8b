"""A Python module as sites and statements, and the same module with a probe around each.

`PythonSource` reads whole modules: functions, nested functions, methods and lambdas alike. What is
at the top of a module or of a class runs once, at its import, and is left alone. May import
`model`.
"""

import ast
import copy
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from lockstep.model.execution import Kind, Site, Source, Span, Statement, StatementKind
from lockstep.sources.python_names import (
    at_end,
    body,
    bound_names,
    head_end,
    is_module_path,
    local_names,
    name_of,
    one_line,
    own_expressions,
    own_nodes,
    passed_names,
    placed,
    targets,
    targets_of,
    whole_names,
)

FRAME = "lockstep_frame_"
"""Local variable of an instrumented function: the number of its call."""

ENTER, VALUE, BOUND, TEST, RETURN, CHANGED = (
    "lockstep_enter_", "lockstep_value_", "lockstep_bound_",
    "lockstep_test_", "lockstep_return_", "lockstep_changed_",
)  # fmt: skip
"""Names of the probes, globals of an instrumented module (see `sides.port_execution`)."""

PROBES = (ENTER, VALUE, BOUND, TEST, RETURN, CHANGED)

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_WHOLE = (
    ast.BinOp, ast.UnaryOp, ast.Compare, ast.Call, ast.Subscript, ast.Attribute, ast.List,
    ast.Dict, ast.Set, ast.ListComp, ast.SetComp, ast.DictComp, ast.BoolOp, ast.IfExp,
    ast.JoinedStr,
)  # fmt: skip
_STATEMENT_KINDS = {
    ast.If: StatementKind.IF,
    ast.Match: StatementKind.SWITCH,
    ast.While: StatementKind.WHILE,
    ast.For: StatementKind.FOR,
    ast.AsyncFor: StatementKind.FOR,
    ast.Break: StatementKind.BREAK,
    ast.Continue: StatementKind.CONTINUE,
    ast.Return: StatementKind.RETURN,
    ast.Raise: StatementKind.RAISE,
}


@dataclass
class Tables:
    """What the recorder needs to know of the sites, beside `Source`.

    Attributes
    ----------
    source : Source
        Statements and sites of all modules that were read.
    governors : list of int
        Of each site: the site of the decision or loop that it runs under, -1 for none.
    functions : list of str
        Names of the functions, by the number that `ENTER` is given.
    generators : set of int
        Those functions that are entered and left many times.
    """

    source: Source = field(default_factory=Source)
    governors: list[int] = field(default_factory=list)
    functions: list[str] = field(default_factory=list)
    generators: set[int] = field(default_factory=set)


def read_module(file: Path, label: str, tables: Tables) -> ast.Module:
    """Read a module, add its sites to `tables`, and return its tree with probes.

    Parameters
    ----------
    file : Path
        The module.
    label : str
        What stands before the names of its functions; empty for the module of the port itself.
    tables : Tables
        Of all modules read so far.

    Raises
    ------
    OSError, UnicodeDecodeError, SyntaxError
        If it cannot be read.
    """
    return read_text(file.read_text(encoding="utf-8-sig"), file, label, tables)


def read_text(text: str, file: Path, label: str, tables: Tables) -> ast.Module:
    """Read the text of a module, as it is in `file` or as it may be one day.

    Parameters
    ----------
    text : str
        The source.
    file, label, tables : Path, str, Tables
        As for `read_module`.

    Raises
    ------
    SyntaxError
        If it is not Python.
    """
    tree = ast.parse(text, str(file))
    reader = _Module(tables, text.splitlines(), file, label, _module_data(tree))
    reader.top(tree.body, "")
    return ast.fix_missing_locations(tree)


def _module_data(tree: ast.Module) -> frozenset[str]:
    """Name the variables of a module: what it binds otherwise than by import, def and class."""
    return frozenset(
        name
        for node in tree.body
        if isinstance(node, (ast.Assign, ast.AnnAssign, ast.AugAssign))
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
        for name in targets(target)
    )


class _Module:
    """Finds the functions of a module and has each instrumented."""

    def __init__(
        self,
        tables: Tables,
        lines: list[str],
        file: Path,
        label: str,
        data: frozenset[str],
    ) -> None:
        self.tables = tables
        self.lines = lines
        self.file = file
        self.label = label
        self.data = data

    def top(self, body: Iterable[ast.stmt], prefix: str) -> None:
        """Instrument the functions and methods that a module's or class's body defines."""
        for node in body:
            if isinstance(node, _FUNCTIONS):
                _Function(self, f"{prefix}{node.name}", frozenset()).instrument(node)
            elif isinstance(node, ast.ClassDef):
                self.top(node.body, f"{prefix}{node.name}.")
            else:
                for inner in ("body", "orelse", "finalbody"):
                    self.top(getattr(node, inner, []), prefix)

    def text(self, node: ast.AST, last: ast.AST | None = None) -> str:
        """Return the source of a node in one line, up to the beginning of `last`."""
        span = span_of(node)
        end = (span.last_line, span.last_column)
        if last is not None:
            end = (last.lineno, last.col_offset)  # type: ignore[attr-defined]
        lines = self.lines[span.line - 1 : end[0]]
        encoded = [line.encode() for line in lines]
        encoded[-1] = encoded[-1][: end[1]]
        encoded[0] = encoded[0][span.column :]
        return one_line(b"\n".join(encoded).decode(errors="replace"))


def span_of(node: ast.AST) -> Span:
    """Return where a node stands."""
    return Span(node.lineno, node.col_offset, node.end_lineno, node.end_col_offset)  # type: ignore[attr-defined]


class _Function:
    """Instruments one function: its statements, its expressions, and the functions in it."""

    def __init__(self, module: _Module, name: str, outer: frozenset[str]) -> None:
        self.module = module
        self.tables = module.tables
        self.name = f"{module.label}{name}"
        self.plain_name = name
        self.outer = outer
        self.known: frozenset[str] = frozenset()
        self.drawn: dict[str, tuple[int, ...]] = {}
        self.statement = -1
        self.parent = -1
        self.branch = True
        self.governor = -1

    # Tables

    def _add_statement(self, node: ast.stmt, kind: StatementKind) -> int:
        source = self.tables.source
        inner = body(node)
        text = self.module.text(node, inner[0] if inner else None).rstrip()
        span = span_of(node)
        if inner:
            span = Span(span.line, span.column, *head_end(node))
        defines = tuple(dict.fromkeys(bound_names(node)))
        uses = tuple(
            dict.fromkeys(
                name.id
                for part in own_expressions(node)
                for name in ast.walk(part)
                if isinstance(name, ast.Name) and isinstance(name.ctx, ast.Load)
            )
        )
        number = len(source.statements)
        source.statements.append(
            Statement(number, self.name, kind, span, text, defines, uses, self.parent, self.branch)
        )
        return number

    def _add_site(
        self,
        kind: Kind,
        node: ast.AST,
        name: str = "",
        parts: Iterable[int] = (),
        text: str | None = None,
        whole: bool = True,
    ) -> int:
        sites = self.tables.source.sites
        number = len(sites)
        sites.append(
            Site(
                number,
                kind,
                self.name,
                self.statement,
                span_of(node),
                self.module.text(node) if text is None else text,
                name,
                tuple(parts),
                whole,
            )
        )
        self.tables.governors.append(self.governor)
        return number

    # Functions

    def instrument(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        """Put probes into a function, in place."""
        given = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
        rest = [arg for arg in (node.args.vararg, node.args.kwarg) if arg is not None]
        self.tables.source.files[self.name] = self.module.file
        inside = local_names(node)
        elsewhere = {
            name
            for n in own_nodes(node)
            if isinstance(n, (ast.Global, ast.Nonlocal))
            for name in n.names
        }
        own = frozenset({arg.arg for arg in [*given, *rest]} | (inside - elsewhere))
        self.known = own | self.outer | self.module.data
        self.statement = self._add_statement(node, StatementKind.FUNCTION)
        number = len(self.tables.functions)
        self.tables.functions.append(self.name)
        if _is_generator(node):
            self.tables.generators.add(number)
        enter = self._call(ENTER, node, ast.Constant(number), frame=False)
        first: list[ast.stmt] = [ast.Assign([ast.Name(FRAME, ast.Store())], enter)]
        for arg in [*given, *rest]:
            site = self._add_site(Kind.ARGUMENT, arg, arg.arg)
            value = self._call(BOUND, node, ast.Constant(site), ast.Name(arg.arg, ast.Load()))
            first.append(ast.Assign([ast.Name(arg.arg, ast.Store())], value))
        begins = node.body[0]
        ended = self._ending(node)
        node.body = [*(placed(one, begins) for one in first), *self._block(node.body), *ended]

    def _ending(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> list[ast.stmt]:
        """Say that a function ends without a return; generators return nothing."""
        if _is_generator(node):
            return []
        nothing = self._call(RETURN, node, ast.Constant(-1), ast.Constant(None))
        last = node.body[-1]
        return (
            [] if isinstance(last, (ast.Return, ast.Raise)) else [at_end(ast.Return(nothing), last)]
        )

    # Statements

    def _block(self, body: list[ast.stmt], first: Iterable[ast.stmt] = ()) -> list[ast.stmt]:
        return [*first, *(made for node in body for made in self._statement(node))]

    def _statement(self, node: ast.stmt) -> list[ast.stmt]:
        if isinstance(node, _FUNCTIONS):
            inner = _Function(self.module, f"{self.plain_name}.{node.name}", self.known)
            inner.instrument(node)
            return [node]
        if isinstance(
            node, (ast.ClassDef, ast.Import, ast.ImportFrom, ast.Global, ast.Nonlocal, ast.Pass)
        ):
            return [node]
        kind = _STATEMENT_KINDS.get(type(node), StatementKind.PLAIN)
        before = self.statement, self.parent, self.branch, self.governor
        self.statement = self._add_statement(node, kind)
        try:
            return self._instrumented(node)
        finally:
            self.statement, self.parent, self.branch, self.governor = before

    def _instrumented(self, node: ast.stmt) -> list[ast.stmt]:
        if isinstance(node, (ast.If, ast.While)):
            site = self._test(node, "test")
            node.body = self._inner(node.body, site, True)
            node.orelse = self._inner(node.orelse, site, False)
            return [node]
        if isinstance(node, (ast.For, ast.AsyncFor)):
            return [self._loop(node)]
        if isinstance(node, (ast.With, ast.AsyncWith)):
            for item in node.items:
                item.context_expr, _ = self._expr(item.context_expr)
            bound = self._bindings(node, [])
            node.body = self._block(node.body, bound)
            return [node]
        if isinstance(node, (ast.Try, ast.TryStar)):
            node.body, node.orelse = self._block(node.body), self._block(node.orelse)
            node.finalbody = self._block(node.finalbody)
            for handler in node.handlers:
                handler.body = self._block(handler.body)
            return [node]
        if isinstance(node, ast.Match):
            node.subject, parts = self._expr(node.subject)
            site = self._add_site(Kind.DECISION, node.subject, "match", parts)
            node.subject = self._call(TEST, node, ast.Constant(site), node.subject)
            for case in node.cases:
                if case.guard is not None:
                    case.guard, _ = self._expr(case.guard)
                case.body = self._inner(case.body, site, True)
            return [node]
        if isinstance(node, ast.Return):
            node.value = self._returned(node)
            return [node]
        if isinstance(node, ast.Assert):
            self._test(node, "assert")
            return [node]
        return self._simple(node)

    def _simple(self, node: ast.stmt) -> list[ast.stmt]:
        parts: list[int] = []
        if isinstance(node, (ast.Assign, ast.AugAssign, ast.AnnAssign, ast.Expr)):
            for target in targets_of(node):
                parts += self._target(target)
            if node.value is not None:
                node.value, own = self._expr(node.value)
                parts = [*own, *parts]
        elif isinstance(node, ast.Raise) and node.exc is not None:
            node.exc, _ = self._expr(node.exc)
        elif isinstance(node, ast.Delete):
            for target in node.targets:
                self._target(target)
        return [node, *self._bindings(node, parts), *self._changes(node, parts)]

    def _inner(self, body: list[ast.stmt], site: int, branch: bool) -> list[ast.stmt]:
        """Instrument what runs under a decision or a loop."""
        before = self.parent, self.branch, self.governor
        self.parent, self.branch, self.governor = self.statement, branch, site
        made = self._block(body)
        self.parent, self.branch, self.governor = before
        return made

    def _loop(self, node: ast.For | ast.AsyncFor) -> ast.stmt:
        node.iter, parts = self._expr(node.iter)
        bound = self._bindings(node, parts)
        site = len(self.tables.source.sites) - 1 if bound else self.governor
        node.body = [*bound, *self._inner(node.body, site, True)]
        node.orelse = self._inner(node.orelse, self.governor, False)
        return node

    def _test(self, node: ast.If | ast.While | ast.IfExp | ast.Assert, name: str) -> int:
        written = copy.copy(node.test)
        node.test, parts = self._expr(node.test)
        site = self._add_site(Kind.DECISION, written, name, parts)
        node.test = self._call(TEST, written, ast.Constant(site), node.test)
        return site

    def _returned(self, node: ast.Return) -> ast.expr:
        value = node.value or placed(ast.Constant(None), node)
        if isinstance(value, ast.Tuple) and not any(isinstance(e, ast.Starred) for e in value.elts):
            items: list[ast.expr] = []
            for i, item in enumerate(value.elts):
                made, parts = self._expr(item)
                site = self._add_site(Kind.RETURN, item, str(i), parts)
                items.append(self._call(VALUE, item, ast.Constant(site), made))
            made_tuple = placed(ast.Tuple(items, ast.Load()), value)
            return self._call(RETURN, value, ast.Constant(-1), made_tuple)
        text = self.module.text(value) if node.value else ""
        made, parts = self._expr(value)
        site = self._add_site(Kind.RETURN, value, "", parts, text)
        return self._call(RETURN, value, ast.Constant(site), made)

    def _bindings(self, node: ast.stmt, parts: Iterable[int]) -> list[ast.stmt]:
        """Record the new versions of what a statement binds."""
        parts = tuple(parts)
        made: list[ast.stmt] = []
        whole = set(whole_names(node))
        for name in dict.fromkeys(bound_names(node)):
            if name not in self.known or name == "_":
                continue
            text = self.tables.source.statements[self.statement].text
            site = self._add_site(Kind.BINDING, node, name, parts, text, name in whole)
            value = self._call(BOUND, node, ast.Constant(site), ast.Name(name, ast.Load()))
            made.append(placed(ast.Assign([ast.Name(name, ast.Store())], value), node))
        return made

    def _changes(self, node: ast.stmt, parts: Iterable[int]) -> list[ast.stmt]:
        """Look again at what the calls of a statement may have changed in place."""
        passed = [n for n in passed_names(node) if not n.startswith("lockstep_")]
        bound = set(bound_names(node))
        names = [n for n in dict.fromkeys(passed) if n in self.known and n not in bound]
        made: list[ast.stmt] = []
        for name in names if isinstance(node, (ast.Assign, ast.AugAssign, ast.Expr)) else []:
            text = self.tables.source.statements[self.statement].text
            site = self._add_site(Kind.BINDING, node, name, parts, text, whole=False)
            call = self._call(CHANGED, node, ast.Constant(site), ast.Name(name, ast.Load()))
            made.append(placed(ast.Expr(call), node))
        return made

    def _target(self, target: ast.expr) -> list[int]:
        """Instrument the indices of a target; return their sites."""
        if isinstance(target, (ast.Tuple, ast.List)):
            return [site for item in target.elts for site in self._target(item)]
        if isinstance(target, ast.Starred):
            return self._target(target.value)
        if isinstance(target, ast.Subscript):
            below = self._target(target.value)
            target.slice, parts = self._expr(target.slice)
            return [*below, *parts]
        if isinstance(target, ast.Attribute):
            return self._target(target.value)
        return []

    # Expressions

    def _expr(self, node: ast.expr) -> tuple[ast.expr, list[int]]:
        """Return an expression with probes, and the sites that stand for it."""
        if isinstance(node, ast.Name):
            if not isinstance(node.ctx, ast.Load) or node.id not in self.known:
                return node, []
            site = self._add_site(Kind.READ, node, node.id, self.drawn.get(node.id, ()))
            return self._call(VALUE, node, ast.Constant(site), node), [site]
        if isinstance(node, ast.Constant):
            return node, []
        if isinstance(node, ast.Lambda):
            return self._lambda(node), []
        if isinstance(node, ast.NamedExpr):
            node.value, parts = self._expr(node.value)
            site = self._add_site(Kind.BINDING, node, node.target.id, parts)
            node.value = self._call(BOUND, node, ast.Constant(site), node.value)
            return node, [site]
        if isinstance(node, ast.IfExp):
            return self._conditional(node)
        if isinstance(node, (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)):
            return self._comprehension(node)
        written = copy.copy(node)
        parts = self._parts(node)
        if not isinstance(node, _WHOLE) or is_module_path(node, self.known):
            return node, parts
        site = self._add_site(Kind.EXPRESSION, written, name_of(node), parts)
        return self._call(VALUE, written, ast.Constant(site), node), [site]

    def _parts(self, node: ast.expr) -> list[int]:
        """Instrument the parts of an expression in place; return their sites."""
        parts: list[int] = []
        if isinstance(node, ast.Call):
            if isinstance(node.func, ast.Attribute):
                node.func.value, parts = self._expr(node.func.value)
            elif not isinstance(node.func, ast.Name):
                node.func, parts = self._expr(node.func)
            for i, argument in enumerate(node.args):
                node.args[i], own = self._expr(argument)
                parts = [*parts, *own]
            for keyword in node.keywords:
                keyword.value, own = self._expr(keyword.value)
                parts = [*parts, *own]
            return parts
        if isinstance(node, ast.FormattedValue):
            node.value, parts = self._expr(node.value)
            return parts
        for name, value in ast.iter_fields(node):
            if isinstance(value, ast.expr):
                made, own = self._expr(value)
                setattr(node, name, made)
                parts += own
            elif isinstance(value, list):
                for i, item in enumerate(value):
                    if isinstance(item, ast.expr):
                        value[i], own = self._expr(item)
                        parts += own
        return parts

    def _conditional(self, node: ast.IfExp) -> tuple[ast.expr, list[int]]:
        written = copy.copy(node)
        decision = self._test(node, "if")
        before, self.governor = self.governor, decision
        node.body, one = self._expr(node.body)
        node.orelse, other = self._expr(node.orelse)
        self.governor = before
        site = self._add_site(Kind.EXPRESSION, written, "if", [decision, *one, *other])
        return self._call(VALUE, written, ast.Constant(site), node), [site]

    def _comprehension(
        self, node: ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp
    ) -> tuple[ast.expr, list[int]]:
        written = copy.copy(node)
        before = self.known, self.drawn
        parts: list[int] = []
        for generator in node.generators:
            generator.iter, own = self._expr(generator.iter)
            parts += own
            names = frozenset(targets(generator.target))
            self.known |= names
            self.drawn = {**self.drawn, **dict.fromkeys(names, tuple(own))}
            for i, condition in enumerate(generator.ifs):
                generator.ifs[i], own = self._expr(condition)
                parts += own
        if isinstance(node, ast.DictComp):
            node.key, own = self._expr(node.key)
            parts += own
            node.value, own = self._expr(node.value)
        else:
            node.elt, own = self._expr(node.elt)
        parts += own
        self.known, self.drawn = before
        if isinstance(node, ast.GeneratorExp):
            return node, parts
        site = self._add_site(Kind.EXPRESSION, written, "comprehension", parts)
        return self._call(VALUE, written, ast.Constant(site), node), [site]

    def _lambda(self, node: ast.Lambda) -> ast.expr:
        before = self.known
        given = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
        self.known |= frozenset(arg.arg for arg in given)
        node.body, _ = self._expr(node.body)
        self.known = before
        return node

    def _call(self, probe: str, node: ast.AST, *given: ast.expr, frame: bool = True) -> ast.expr:
        first: list[ast.expr] = [ast.Name(FRAME, ast.Load())] if frame else []
        return placed(ast.Call(ast.Name(probe, ast.Load()), [*first, *given], []), node)


def _is_generator(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    return any(isinstance(n, (ast.Yield, ast.YieldFrom)) for n in own_nodes(node))
