"""Turns the tree of a .m file into statements and sites, as `lockstep.model.execution` has them.

May import `model` and the modules before it in this folder: ``m_*`` and `octave_source`.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from lockstep.model.execution import Kind, Site, Span, Statement, StatementKind
from lockstep.sources.m_parser import parse
from lockstep.sources.m_tree import (
    Access,
    Expression,
    File,
    Form,
    Node,
    Sort,
    short_circuits,
)
from lockstep.sources.octave_source import (
    CONSTANTS,
    DECLARING,
    RAISING,
    OctaveSource,
    TracedFunction,
    base_name,
    bound_names,
    is_constant,
    is_step,
    may_be_several,
)

_KINDS = {
    Sort.IF: StatementKind.IF,
    Sort.CASE: StatementKind.IF,
    Sort.SWITCH: StatementKind.SWITCH,
    Sort.WHILE: StatementKind.WHILE,
    Sort.DO: StatementKind.WHILE,
    Sort.FOR: StatementKind.FOR,
    Sort.BREAK: StatementKind.BREAK,
    Sort.CONTINUE: StatementKind.CONTINUE,
    Sort.RETURN: StatementKind.RETURN,
}
_CONTINUED = re.compile(r"[ \t]*\.\.\.[^\n]*\n[ \t]*|(?<=\n)[ \t]*[%#][^\n]*\n")


def read_m_file(path: Path) -> File:
    """Read a .m file; what is no UTF-8 in it can be written back as it was.

    Raises
    ------
    MSyntaxError
        If it is not understood.
    """
    with path.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as file:
        return parse(file.read())


def add_file(into: OctaveSource, path: Path, tree: File) -> list[TracedFunction]:
    """Add the functions of a .m file to a source; return them in order."""
    added: list[TracedFunction] = []
    for one in tree.all_functions():
        is_script = one is tree.script
        is_main = is_script or (tree.script is None and not added)
        name = path.stem if is_main else f"{path.stem}>{one.name}"
        number = len(into.functions) + 1
        function = TracedFunction(number, name, one, is_script, frozenset(bound_names(one)))
        into.functions.append(function)
        into.source.files[name] = path
        _Reader(into, tree, function).read()
        added.append(function)
    return added


class _Reader:
    """Reads one function into a source."""

    def __init__(self, into: OctaveSource, file: File, function: TracedFunction) -> None:
        self.into = into
        self.source = into.source
        self.text = file.text
        self.function = function
        self.statement = -1
        self._lines = [0, *(m.end() for m in re.finditer("\n", file.text))]

    def read(self) -> None:
        tree = self.function.tree
        self.statement = self.function.header = self._new_statement(
            StatementKind.FUNCTION, tree.start, tree.end, (-1, True)
        )
        names = [one.name for one in tree.parameters]
        self._complete(tuple(name for name in names if name != "~"), ())
        for one in tree.parameters:
            ignored = one.name == "~"
            for kind, into in (
                (Kind.ARGUMENT, self.function.arguments),
                (Kind.DEFAULT, self.function.defaults),
            ):
                site = -1 if ignored else self._site(kind, one.start, one.end, one.name)
                into.append(site)
        if self.function.is_script:
            self.function.returns = [self._site(Kind.RETURN, tree.start, tree.end, "0")]
        for position, one in enumerate(tree.outputs):
            site = self._site(Kind.RETURN, one.start, one.end, str(position))
            self.function.returns.append(site)
        self._block(tree.body, -1, True)

    # Places and texts

    def _span(self, start: int, end: int) -> Span:
        first = bisect_right(self._lines, start)
        last = bisect_right(self._lines, max(start, end - 1))
        return Span(first, start - self._lines[first - 1], last, end - self._lines[last - 1])

    def _line(self, start: int, end: int) -> str:
        text = _CONTINUED.sub(" ", self.text[start:end]) if "\n" in self.text[start:end] else ""
        text = re.sub(r"\s*\n\s*", " ", text) if text else self.text[start:end]
        return text.encode(errors="surrogateescape").decode(errors="replace").strip()

    # Statements

    def _new_statement(
        self, kind: StatementKind, start: int, end: int, under: tuple[int, bool]
    ) -> int:
        number = len(self.source.statements)
        self.source.statements.append(
            Statement(
                number,
                self.function.name,
                kind,
                self._span(start, end),
                self._line(start, end),
                parent=under[0],
                branch=under[1],
            )
        )
        self.statement = number
        return number

    def _complete(self, defines: Sequence[str], uses: Iterable[str]) -> None:
        """Fill in what the statement that was read last defines and uses."""
        self.source.statements[self.statement] = replace(
            self.source.statements[self.statement],
            defines=tuple(dict.fromkeys(name for name in defines if name and name != "~")),
            uses=tuple(dict.fromkeys(uses)),
        )

    def _block(self, nodes: Sequence[Node], parent: int, branch: bool) -> None:
        for node in nodes:
            self._one(node, parent, branch)

    def _one(self, node: Node, parent: int, branch: bool) -> None:
        if node.sort in (Sort.TRY, Sort.UNWIND):
            self._protected(node, parent, branch)
            return
        kind = _KINDS.get(node.sort, StatementKind.PLAIN)
        if node.sort is Sort.EXPRESSION and node.value is not None:
            name = base_name(node.value)
            if name in RAISING and name not in self.function.variables:
                kind = StatementKind.RAISE
        start = node.closing if node.sort is Sort.DO else node.start
        end = node.value.end if node.sort is Sort.DO and node.value else node.end
        number = self._new_statement(kind, start, end, (parent, branch))
        self.into.statements[node] = number
        self._complete([base_name(target) for target in node.targets], self._used(node))
        self._sites(node)
        if node.sort is Sort.SWITCH:
            self._cases(node, number)
            return
        self._block(node.body, number, True)
        self._block(node.otherwise, number, False)

    def _protected(self, node: Node, parent: int, branch: bool) -> None:
        """Read a try or unwind_protect: no statement itself; a catch that names the error is."""
        self._block(node.body, parent, branch)
        for target in node.targets:
            start = self.text.rfind("catch", 0, target.start)
            self.into.statements[node] = self._new_statement(
                StatementKind.PLAIN, start, target.end, (parent, branch)
            )
            self._complete([target.name], ())
            self.into.bindings[target] = self._site(
                Kind.BINDING, target.start, target.end, target.name
            )
        self._block(node.otherwise, parent, branch)

    def _cases(self, node: Node, parent: int) -> None:
        """Read the cases of a switch: each is an if within the one before it."""
        branch = True
        for case in node.body:
            self._one(case, parent, branch)
            parent, branch = self.into.statements[case], False
            if case is not node.body[-1]:
                self.into.silent.add(self.into.decisions[case])
        self._block(node.otherwise, parent, False)

    def _used(self, node: Node) -> Iterable[str]:
        expressions = [node.value, *node.values]
        for target in node.targets:
            if target.form is Form.CHAIN:
                expressions.append(target)
        for one in expressions:
            for inner in one.walk() if one is not None else ():
                if inner.form is Form.NAME and inner.name not in CONSTANTS:
                    yield inner.name

    def _sites(self, node: Node) -> None:
        if node.sort is Sort.COMMAND:
            return
        parts = self._parts([node.value]) if node.value is not None else []
        if node.sort in (Sort.IF, Sort.WHILE, Sort.DO, Sort.SWITCH, Sort.CASE):
            assert node.value is not None
            name = "case" if node.sort is Sort.CASE else ""
            self.into.decisions[node] = self._site(
                Kind.DECISION, node.value.start, node.value.end, name, parts
            )
            if node.otherwise and node.otherwise[0].chained and short_circuits(node.value):
                self.into.silent.add(self.into.decisions[node])
            return
        bound: list[int] = []
        for k, target in enumerate(node.targets):
            first = node.values[k] if node.values else None
            made_of = parts if first is None else self._parts([first])
            changes = node.sort is Sort.STEP or node.operator not in ("", "=", *DECLARING)
            bound.append(self._binding(target, made_of, changes))
        if node.listed and node.sort is Sort.ASSIGNMENT and parts:
            self.into.listed[parts[-1]] = bound

    def _binding(self, target: Expression, parts: Sequence[int], changes: bool = False) -> int:
        """Make the site of a target; it reads what it has `parts` of, and what it `changes`."""
        name = base_name(target)
        if not name or name == "~":
            return -1
        whole = target.bare.form is Form.NAME
        read: list[int] = []
        if changes and whole:
            read = [self._site(Kind.READ, target.start, target.end, name)]
        indices = [argument for link in target.links for argument in link.arguments]
        made_of = [*read, *parts, *self._parts(indices)]
        number = self._site(Kind.BINDING, target.start, target.end, name, made_of, whole)
        self.into.bindings[target] = number
        return number

    # Expressions

    def _site(
        self,
        kind: Kind,
        start: int,
        end: int,
        name: str = "",
        parts: Sequence[int] = (),
        whole: bool = True,
    ) -> int:
        number = len(self.source.sites)
        self.source.sites.append(
            Site(
                number,
                kind,
                self.function.name,
                self.statement,
                self._span(start, end),
                self._line(start, end),
                name,
                tuple(parts),
                whole,
            )
        )
        return number

    def _parts(self, expressions: Iterable[Expression]) -> list[int]:
        """Make the sites of expressions, in order; constants have none."""
        return [site for one in expressions for site in self._expression(one)]

    def _expression(self, one: Expression) -> list[int]:
        if one.form is Form.PARENTHESES:
            return self._expression(one.parts[0])
        if one.form in (Form.NUMBER, Form.STRING, Form.COLON, Form.END, Form.HANDLE):
            return []
        if one.form is Form.NAME:
            return self._name(one)
        if one.form is Form.ASSIGNMENT:
            number = self._binding(one.parts[0], self._parts(one.parts[1:]), one.name != "=")
            return [number] if number >= 0 else []
        if is_step(one):
            number = self._binding(one.parts[0], (), True)
            return [number] if number >= 0 else []
        if is_constant(one):
            return []
        self._arguments: list[list[int]] = []
        parts = self._captured(one) if one.form is Form.ANONYMOUS else self._children(one)
        arguments, self._arguments = self._arguments, []
        number = self._site(Kind.EXPRESSION, one.start, one.end, self._named(one), parts)
        self.into.sites[one] = number
        called = self._called(one)
        if called:
            self.into.calls[number] = called
            self.into.arguments[number] = arguments
        return [number]

    def _name(self, one: Expression) -> list[int]:
        if one.name in self.function.variables:
            number = self._site(Kind.READ, one.start, one.end, one.name)
        elif one.name in CONSTANTS:
            return []
        else:
            number = self._site(Kind.EXPRESSION, one.start, one.end, one.name)
            self.into.calls[number] = one.name
        self.into.sites[one] = number
        return [number]

    def _children(self, one: Expression) -> list[int]:
        base = one.parts[0] if one.form is Form.CHAIN else None
        if base is None or base.form is not Form.NAME or not self._is_function(base):
            return self._parts(one.children())
        by_link = [[self._parts([a]) for a in link.arguments] for link in one.links]
        if not any(may_be_several(a) for a in one.links[0].arguments):
            self._arguments = by_link[0]
        return [site for link in by_link for argument in link for site in argument]

    def _captured(self, one: Expression) -> list[int]:
        """Make reads of the variables that an anonymous function captures."""
        found: dict[str, Expression] = {}
        for inner in one.parts[0].walk():
            if inner.form is Form.NAME and inner.name not in one.parameters:
                found.setdefault(inner.name, inner)
        return [
            self._site(Kind.READ, inner.start, inner.end, name)
            for name, inner in found.items()
            if name in self.function.variables
        ]

    def _is_function(self, base: Expression) -> bool:
        return base.name not in self.function.variables

    def _called(self, one: Expression) -> str:
        """Name the function that a chain calls first; empty where it calls none by name."""
        if one.form is not Form.CHAIN or one.parts[0].form is not Form.NAME:
            return ""
        return one.parts[0].name if self._is_function(one.parts[0]) else ""

    def _named(self, one: Expression) -> str:
        if one.form is not Form.CHAIN:
            return {Form.MATRIX: "matrix", Form.CELL: "cell"}.get(one.form, one.name)
        base, last = one.parts[0], one.links[-1]
        if last.access in (Access.FIELD, Access.DYNAMIC):
            return "attribute"
        if last.access is Access.CALL and base.form is Form.NAME and self._is_function(base):
            if len(one.links) == 1:
                return base.name
            if all(link.access is Access.FIELD for link in one.links[:-1]):
                return one.links[-2].name  # a function of a package
        return "index"
