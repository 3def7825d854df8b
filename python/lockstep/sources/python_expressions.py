"""The expressions of a Python function as sites, and the same expressions with a probe around each.

May import `model` and `python_names`.
"""

import ast
import copy
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from lockstep.model.execution import Kind, Site, Source, Span
from lockstep.sources.python_names import (
    is_module_path,
    name_of,
    one_line,
    placed,
    targets,
)

FRAME = "lockstep_frame_"
"""Local variable of an instrumented function: the number of its call."""

ENTER, VALUE, BOUND, TEST, RETURN, CHANGED, CAUGHT, JUMP, STEP = (
    "lockstep_enter_", "lockstep_value_", "lockstep_bound_", "lockstep_test_",
    "lockstep_return_", "lockstep_changed_", "lockstep_caught_", "lockstep_jump_",
    "lockstep_step_",
)  # fmt: skip
"""Names of the probes, globals of an instrumented module (see `sides.port_execution`)."""

PROBES = (ENTER, VALUE, BOUND, TEST, RETURN, CHANGED, CAUGHT, JUMP, STEP)

_WHOLE = (
    ast.BinOp, ast.UnaryOp, ast.Compare, ast.Call, ast.Subscript, ast.Attribute, ast.List,
    ast.Dict, ast.Set, ast.ListComp, ast.SetComp, ast.DictComp, ast.BoolOp, ast.IfExp,
    ast.JoinedStr,
)  # fmt: skip


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


@dataclass(frozen=True)
class Text:
    """The text of a module.

    Attributes
    ----------
    file : Path
        The module.
    lines : sequence of str
        Of its text.
    """

    file: Path
    lines: Sequence[str]

    def of(self, node: ast.AST, last: ast.AST | None = None) -> str:
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


class Expressions:
    """Puts probes into the expressions of one function.

    Parameters
    ----------
    tables : Tables
        Get the sites.
    text : Text
        Of the module.
    function : str
        Name of the function, as the sites have it.

    Attributes
    ----------
    known : frozenset of str
        Variables that can be read.
    statement : int
        Number of the statement that the next sites are in.
    governor : int
        Site of the decision or loop that they run under; -1 for none.
    """

    def __init__(self, tables: Tables, text: Text, function: str) -> None:
        self.tables = tables
        self.text = text
        self.function = function
        self.known: frozenset[str] = frozenset()
        self.statement = -1
        self.governor = -1
        self._drawn: dict[str, tuple[int, ...]] = {}

    def add_site(
        self,
        kind: Kind,
        node: ast.AST,
        name: str = "",
        parts: Iterable[int] = (),
        text: str | None = None,
        whole: bool = True,
    ) -> int:
        """Add a place that gives a value; `text` is that of the node unless it is given."""
        sites = self.tables.source.sites
        number = len(sites)
        sites.append(
            Site(
                number,
                kind,
                self.function,
                self.statement,
                span_of(node),
                self.text.of(node) if text is None else text,
                name,
                tuple(parts),
                whole,
            )
        )
        self.tables.governors.append(self.governor)
        return number

    def probed(self, node: ast.expr) -> tuple[ast.expr, list[int]]:
        """Return an expression with probes, and the sites that stand for it."""
        if isinstance(node, ast.Name):
            if not isinstance(node.ctx, ast.Load) or node.id not in self.known:
                return node, []
            site = self.add_site(Kind.READ, node, node.id, self._drawn.get(node.id, ()))
            return self.call(VALUE, node, ast.Constant(site), node), [site]
        if isinstance(node, ast.Constant):
            return node, []
        if isinstance(node, ast.Lambda):
            return self._lambda(node), []
        if isinstance(node, ast.NamedExpr):
            node.value, parts = self.probed(node.value)
            site = self.add_site(Kind.BINDING, node, node.target.id, parts)
            node.value = self.call(BOUND, node, ast.Constant(site), node.value)
            return node, [site]
        if isinstance(node, ast.IfExp):
            return self._conditional(node)
        if isinstance(node, (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)):
            return self._comprehension(node)
        written = copy.copy(node)
        parts = self._parts(node)
        if not isinstance(node, _WHOLE) or is_module_path(node, self.known):
            return node, parts
        site = self.add_site(Kind.EXPRESSION, written, name_of(node), parts)
        return self.call(VALUE, written, ast.Constant(site), node), [site]

    def _parts(self, node: ast.expr) -> list[int]:
        """Instrument the parts of an expression in place; return their sites."""
        parts: list[int] = []
        if isinstance(node, ast.Call):
            if isinstance(node.func, ast.Attribute):
                node.func.value, parts = self.probed(node.func.value)
            elif not isinstance(node.func, ast.Name):
                node.func, parts = self.probed(node.func)
            for i, argument in enumerate(node.args):
                node.args[i], own = self.probed(argument)
                parts = [*parts, *own]
            for keyword in node.keywords:
                keyword.value, own = self.probed(keyword.value)
                parts = [*parts, *own]
            return parts
        if isinstance(node, ast.FormattedValue):
            node.value, parts = self.probed(node.value)
            return parts
        for name, value in ast.iter_fields(node):
            if isinstance(value, ast.expr):
                made, own = self.probed(value)
                setattr(node, name, made)
                parts += own
            elif isinstance(value, list):
                for i, item in enumerate(value):
                    if isinstance(item, ast.expr):
                        value[i], own = self.probed(item)
                        parts += own
        return parts

    def _conditional(self, node: ast.IfExp) -> tuple[ast.expr, list[int]]:
        written = copy.copy(node)
        decision = self.test(node, "if")
        before, self.governor = self.governor, decision
        node.body, one = self.probed(node.body)
        node.orelse, other = self.probed(node.orelse)
        self.governor = before
        site = self.add_site(Kind.EXPRESSION, written, "if", [decision, *one, *other])
        return self.call(VALUE, written, ast.Constant(site), node), [site]

    def _comprehension(
        self, node: ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp
    ) -> tuple[ast.expr, list[int]]:
        written = copy.copy(node)
        before = self.known, self._drawn
        parts: list[int] = []
        for generator in node.generators:
            generator.iter, own = self.probed(generator.iter)
            parts += own
            names = frozenset(targets(generator.target))
            self.known |= names
            self._drawn = {**self._drawn, **dict.fromkeys(names, tuple(own))}
            for i, condition in enumerate(generator.ifs):
                generator.ifs[i], own = self.probed(condition)
                parts += own
        if isinstance(node, ast.DictComp):
            node.key, own = self.probed(node.key)
            parts += own
            node.value, own = self.probed(node.value)
        else:
            node.elt, own = self.probed(node.elt)
        parts += own
        self.known, self._drawn = before
        if isinstance(node, ast.GeneratorExp):
            return node, parts
        site = self.add_site(Kind.EXPRESSION, written, "comprehension", parts)
        return self.call(VALUE, written, ast.Constant(site), node), [site]

    def _lambda(self, node: ast.Lambda) -> ast.expr:
        before = self.known
        given = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
        given += [arg for arg in (node.args.vararg, node.args.kwarg) if arg is not None]
        self.known |= frozenset(arg.arg for arg in given)
        node.body, _ = self.probed(node.body)
        self.known = before
        return node

    def test(self, node: ast.If | ast.While | ast.IfExp | ast.Assert, name: str) -> int:
        """Put probes into the condition of a node, in place; return its site."""
        written = copy.copy(node.test)
        node.test, parts = self.probed(node.test)
        site = self.add_site(Kind.DECISION, written, name, parts)
        node.test = self.call(TEST, written, ast.Constant(site), node.test)
        return site

    def target(self, target: ast.expr) -> list[int]:
        """Instrument the indices of a target; return their sites."""
        if isinstance(target, (ast.Tuple, ast.List)):
            return [site for item in target.elts for site in self.target(item)]
        if isinstance(target, ast.Starred):
            return self.target(target.value)
        if isinstance(target, ast.Subscript):
            below = self.target(target.value)
            target.slice, parts = self.probed(target.slice)
            return [*below, *parts]
        if isinstance(target, ast.Attribute):
            return self.target(target.value)
        return []

    def call(self, probe: str, node: ast.AST, *given: ast.expr, frame: bool = True) -> ast.expr:
        """Return the call of a probe, in the place of a node."""
        first: list[ast.expr] = [ast.Name(FRAME, ast.Load())] if frame else []
        return placed(ast.Call(ast.Name(probe, ast.Load()), [*first, *given], []), node)
