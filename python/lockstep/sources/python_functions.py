"""A Python function as sites and statements, and the same function with probes.

May import `model`, `python_expressions` and `python_names`.
"""

import ast
import copy
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from lockstep.model.execution import Kind, Span, Statement, StatementKind
from lockstep.sources.python_expressions import (
    BOUND,
    CAUGHT,
    CHANGED,
    ENTER,
    FRAME,
    JUMP,
    RETURN,
    TEST,
    VALUE,
    Expressions,
    Tables,
    Text,
    span_of,
)
from lockstep.sources.python_names import (
    at_end,
    body,
    bound_names,
    head_end,
    local_names,
    own_expressions,
    own_nodes,
    passed_names,
    pattern_names,
    placed,
    targets_of,
    whole_names,
)

FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_CALLING = (ast.Assign, ast.AugAssign, ast.AnnAssign, ast.Expr)
_JUMPS = (ast.Break, ast.Continue, ast.Return)
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


@dataclass(frozen=True)
class Module:
    """A module that is being read.

    Attributes
    ----------
    tables : Tables
        Get statements and sites.
    text : Text
        Of the module.
    label : str
        What stands before the names of its functions.
    data : frozenset of str
        The module's own variables.
    """

    tables: Tables
    text: Text
    label: str
    data: frozenset[str]


class Function:
    """Instruments one function: its statements, its expressions, and the functions in it.

    Parameters
    ----------
    module : Module
        The module.
    name : str
        Of the function, in the module.
    outer : frozenset of str
        Variables of the functions around it.
    """

    def __init__(self, module: Module, name: str, outer: frozenset[str]) -> None:
        self._module = module
        self._tables = module.tables
        self._name = f"{module.label}{name}"
        self._plain_name = name
        self._outer = outer
        self._expressions = Expressions(module.tables, module.text, self._name)
        self._assigned: frozenset[str] = frozenset()
        self._parent = -1
        self._branch = True
        self._loops = 0
        self._result: ast.Return | None = None

    # Tables

    def _add_statement(self, node: ast.stmt, kind: StatementKind) -> int:
        source = self._tables.source
        inner = body(node)
        text = self._module.text.of(node, inner[0] if inner else None).rstrip()
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
            Statement(
                number, self._name, kind, span, text, defines, uses, self._parent, self._branch
            )
        )
        return number

    # Functions

    def instrument(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        """Put probes into a function, in place."""
        given = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
        rest = [arg for arg in (node.args.vararg, node.args.kwarg) if arg is not None]
        self._tables.source.files[self._name] = self._module.text.file
        inside = local_names(node)
        elsewhere = {
            name
            for n in own_nodes(node)
            if isinstance(n, (ast.Global, ast.Nonlocal))
            for name in n.names
        }
        own = frozenset({arg.arg for arg in [*given, *rest]} | (inside - elsewhere))
        self._assigned = own | elsewhere
        self._expressions.known = own | self._outer | self._module.data
        self._expressions.statement = self._add_statement(node, StatementKind.FUNCTION)
        number = len(self._tables.functions)
        self._tables.functions.append(self._name)
        if _is_generator(node):
            self._tables.generators.add(number)
        enter = self._expressions.call(ENTER, node, ast.Constant(number), frame=False)
        first: list[ast.stmt] = [ast.Assign([ast.Name(FRAME, ast.Store())], enter)]
        for arg in [*given, *rest]:
            site = self._expressions.add_site(Kind.ARGUMENT, arg, arg.arg)
            value = self._expressions.call(
                BOUND, node, ast.Constant(site), ast.Name(arg.arg, ast.Load())
            )
            first.append(ast.Assign([ast.Name(arg.arg, ast.Store())], value))
        begins, ended = node.body[0], self._ending(node)
        last = node.body[-1]
        self._result = copy.deepcopy(last) if isinstance(last, ast.Return) else None
        described = 0 if ast.get_docstring(node, clean=False) is None else 1
        inside_body = self._block(node.body[described:])
        first = [placed(one, begins) for one in first]
        node.body = [*node.body[:described], *first, *inside_body, *ended]

    def _ending(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> list[ast.stmt]:
        """Say that a function ends without a return; generators return nothing."""
        if _is_generator(node):
            return []
        nothing = self._expressions.call(RETURN, node, ast.Constant(-1), ast.Constant(None))
        last = node.body[-1]
        return (
            [] if isinstance(last, (ast.Return, ast.Raise)) else [at_end(ast.Return(nothing), last)]
        )

    # Statements

    def _block(self, body: list[ast.stmt], first: Iterable[ast.stmt] = ()) -> list[ast.stmt]:
        return [*first, *(made for node in body for made in self._statement(node))]

    def _statement(self, node: ast.stmt) -> list[ast.stmt]:
        if isinstance(node, FUNCTIONS):
            inner = Function(
                self._module, f"{self._plain_name}.{node.name}", self._expressions.known
            )
            inner.instrument(node)
            return [node]
        if isinstance(
            node, (ast.ClassDef, ast.Import, ast.ImportFrom, ast.Global, ast.Nonlocal, ast.Pass)
        ):
            return [node]
        kind = _STATEMENT_KINDS.get(type(node), StatementKind.PLAIN)
        before = self._expressions.statement, self._parent, self._branch, self._expressions.governor
        self._expressions.statement = self._add_statement(node, kind)
        try:
            return self._instrumented(node)
        finally:
            self._expressions.statement, self._parent, self._branch, self._expressions.governor = (
                before
            )

    def _instrumented(self, node: ast.stmt) -> list[ast.stmt]:
        if isinstance(node, ast.If):
            site = self._expressions.test(node, "test")
            ends = self._ways_out(node.body), self._ways_out(node.orelse)
            node.body = [*self._inner(node.body, site, True), *ends[0]]
            node.orelse = [*self._inner(node.orelse, site, False), *ends[1]]
            return [node]
        if isinstance(node, ast.While):
            site = self._expressions.test(node, "test")
            self._loops += 1
            node.body = self._inner(node.body, site, True)
            self._loops -= 1
            node.orelse = self._inner(node.orelse, site, False)
            return [node]
        if isinstance(node, (ast.For, ast.AsyncFor)):
            return [self._loop(node)]
        if isinstance(node, (ast.With, ast.AsyncWith)):
            for item in node.items:
                item.context_expr, _ = self._expressions.probed(item.context_expr)
            bound = self._bindings(node, [])
            node.body = self._block(node.body, bound)
            return [node]
        if isinstance(node, (ast.Try, ast.TryStar)):
            node.body, node.orelse = self._block(node.body), self._block(node.orelse)
            node.finalbody = self._block(node.finalbody)
            for handler in node.handlers:
                caught = self._expressions.call(CAUGHT, handler)
                handler.body = self._block(handler.body, [placed(ast.Expr(caught), handler)])
            return [node]
        if isinstance(node, ast.Match):
            node.subject, parts = self._expressions.probed(node.subject)
            site = self._expressions.add_site(Kind.DECISION, node.subject, "match", parts)
            node.subject = self._expressions.call(TEST, node, ast.Constant(site), node.subject)
            for case in node.cases:
                if case.guard is not None:
                    case.guard, _ = self._expressions.probed(case.guard)
                bound = self._bound(node, dict.fromkeys(pattern_names(case.pattern), True), parts)
                case.body = [*bound, *self._inner(case.body, site, True)]
            return [node]
        if isinstance(node, _JUMPS):
            if isinstance(node, ast.Return):
                node.value = self._returned(node)
            return [self._jump(node, node, own=True)] if self._loops else [node]
        if isinstance(node, ast.Assert):
            self._expressions.test(node, "assert")
            return [node]
        return self._simple(node)

    def _simple(self, node: ast.stmt) -> list[ast.stmt]:
        parts: list[int] = []
        if isinstance(node, _CALLING):
            for target in targets_of(node):
                parts += self._expressions.target(target)
            if node.value is not None:
                node.value, own = self._expressions.probed(node.value)
                parts = [*own, *parts]
        elif isinstance(node, ast.Raise) and node.exc is not None:
            node.exc, _ = self._expressions.probed(node.exc)
        elif isinstance(node, ast.Delete):
            for target in node.targets:
                self._expressions.target(target)
        return [node, *self._bindings(node, parts), *self._changes(node, parts)]

    def _inner(self, body: list[ast.stmt], site: int, branch: bool) -> list[ast.stmt]:
        """Instrument what runs under a decision or a loop."""
        before = self._parent, self._branch, self._expressions.governor
        self._parent, self._branch, self._expressions.governor = (
            self._expressions.statement,
            branch,
            site,
        )
        made = self._block(body)
        self._parent, self._branch, self._expressions.governor = before
        return made

    def _loop(self, node: ast.For | ast.AsyncFor) -> ast.stmt:
        node.iter, parts = self._expressions.probed(node.iter)
        bound = self._bindings(node, parts)
        site = len(self._tables.source.sites) - 1 if bound else self._expressions.governor
        self._loops += 1
        node.body = [*bound, *self._inner(node.body, site, True)]
        self._loops -= 1
        node.orelse = self._inner(node.orelse, self._expressions.governor, False)
        return node

    def _ways_out(self, branch: Sequence[ast.stmt]) -> list[ast.stmt]:
        """Return the jumps that may be lacking at the end of a branch: none is taken."""
        if not branch or isinstance(branch[-1], (*_JUMPS, ast.Raise, ast.If)):
            return []
        ways: list[ast.stmt] = [ast.Break(), ast.Continue()] if self._loops else []
        if self._result is not None:
            value = copy.deepcopy(self._result.value) or ast.Constant(None)
            nowhere = ast.Constant(-1)
            ways.append(ast.Return(self._expressions.call(RETURN, branch[-1], nowhere, value)))
        return [self._jump(placed(way, branch[-1]), branch[-1], own=False) for way in ways]

    def _jump(self, way: ast.stmt, place: ast.stmt, *, own: bool) -> ast.stmt:
        """Let a probe say whether a jump is taken; `own` is what the port itself does."""
        name = type(way).__name__.lower()
        site = self._expressions.add_site(Kind.JUMP, place, name)
        test = self._expressions.call(
            JUMP, place, ast.Constant(site), ast.Constant(own), frame=False
        )
        return placed(ast.If(test, [way], []), place)

    def _returned(self, node: ast.Return) -> ast.expr:
        value = node.value or placed(ast.Constant(None), node)
        if isinstance(value, ast.Tuple) and not any(isinstance(e, ast.Starred) for e in value.elts):
            items: list[ast.expr] = []
            for i, item in enumerate(value.elts):
                made, parts = self._expressions.probed(item)
                site = self._expressions.add_site(Kind.RETURN, item, str(i), parts)
                items.append(self._expressions.call(VALUE, item, ast.Constant(site), made))
            made_tuple = placed(ast.Tuple(items, ast.Load()), value)
            return self._expressions.call(RETURN, value, ast.Constant(-1), made_tuple)
        text = self._module.text.of(value) if node.value else ""
        made, parts = self._expressions.probed(value)
        site = self._expressions.add_site(Kind.RETURN, value, "", parts, text)
        return self._expressions.call(RETURN, value, ast.Constant(site), made)

    def _bindings(self, node: ast.stmt, parts: Iterable[int]) -> list[ast.stmt]:
        """Record the new versions of what a statement binds."""
        whole = set(whole_names(node))
        return self._bound(node, {name: name in whole for name in bound_names(node)}, parts)

    def _bound(
        self, node: ast.stmt, names: Mapping[str, bool], parts: Iterable[int]
    ) -> list[ast.stmt]:
        """Record new versions of variables, given with whether the value is new as a whole."""
        parts = tuple(parts)
        made: list[ast.stmt] = []
        for name, whole in names.items():
            if name not in self._expressions.known or name == "_":
                continue
            text = self._tables.source.statements[self._expressions.statement].text
            site = self._expressions.add_site(Kind.BINDING, node, name, parts, text, whole)
            value = self._expressions.call(
                BOUND, node, ast.Constant(site), ast.Name(name, ast.Load())
            )
            if name in self._assigned:
                made.append(placed(ast.Assign([ast.Name(name, ast.Store())], value), node))
            else:  # part of a variable of the module, or of a function around, that stays theirs
                made.append(placed(ast.Expr(value), node))
        return made

    def _changes(self, node: ast.stmt, parts: Iterable[int]) -> list[ast.stmt]:
        """Look again at what the calls of a statement may have changed in place."""
        passed = [n for n in passed_names(node) if not n.startswith("lockstep_")]
        bound = set(bound_names(node))
        names = [
            n for n in dict.fromkeys(passed) if n in self._expressions.known and n not in bound
        ]
        made: list[ast.stmt] = []
        for name in names if isinstance(node, _CALLING) else []:
            text = self._tables.source.statements[self._expressions.statement].text
            site = self._expressions.add_site(Kind.BINDING, node, name, parts, text, whole=False)
            call = self._expressions.call(
                CHANGED, node, ast.Constant(site), ast.Name(name, ast.Load())
            )
            made.append(placed(ast.Expr(call), node))
        return made


def _is_generator(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    return any(isinstance(n, (ast.Yield, ast.YieldFrom)) for n in own_nodes(node))
