"""Writes a copy of a .m file that records what it does, and does otherwise what the file does.

Calls of the recorder (mfiles/lockstep_value_.m) are put around expressions, which are evaluated as
often as before, and after statements; no line moves. May import `model` and the
other modules of this folder.
"""

from collections.abc import Sequence
from pathlib import Path

from lockstep.model.execution import Kind
from lockstep.sources.insertions import Insertions, Order
from lockstep.sources.m_expressions import STEPS
from lockstep.sources.m_tree import (
    Expression,
    File,
    Form,
    Function,
    Node,
    Sort,
    short_circuits,
)
from lockstep.sources.octave_source import (
    OctaveSource,
    TracedFunction,
    base_name,
    may_be_several,
)

FRAME = "lockstep_frame_"
"""Variable of a traced function that holds the number of its frame."""

FRAME_STEP = 2**20
"""What the numbers of frames are multiples of, so that that of a site can be added."""

_CLEARING = frozenset({"clear", "clearvars", "clearall"})


def instrumented(
    source: OctaveSource,
    file: File,
    functions: Sequence[TracedFunction],
    path: Path,
    expressions: bool = True,
    chains: bool = True,
) -> str:
    """Return the text of a .m file with calls of the recorder in it.

    Parameters
    ----------
    source : OctaveSource
        That `file` was added to.
    file : File
        The tree.
    functions : sequence of TracedFunction
        Of the file.
    path : Path
        Where the file is.
    expressions : bool
        Whether to record expressions, too; else bindings and decisions only.
    chains : bool
        Whether what may be several values, ``c{:}``, is recorded: MATLAB has no way to write that.
    """
    writer = _Writer(source, file, path, expressions, chains)
    for function in functions:
        writer.function(function)
    return writer.insertions.text()


class _Writer:
    """Collects insertions into one text."""

    def __init__(
        self, source: OctaveSource, file: File, path: Path, expressions: bool, chains: bool
    ) -> None:
        self.source = source
        self.path = path
        self.file = file
        self.expressions = expressions
        self.chains = chains
        self.insertions = Insertions(file.text)
        self._insert = self.insertions.add
        self.frame = FRAME
        self.variables: dict[tuple[str, str], int] = {}

    def _record(self, site: int, value: str, helper: str = "lockstep_value_") -> str:
        self.source.recorded.add(site)
        return f"{helper}({self.frame},{site + 1 + FRAME_STEP * self._changed(site)},{value})"

    def _changed(self, site: int) -> int:
        """Return the number, from 1, of the variable of which a site changes a part; 0 of none."""
        place = self.source.source.sites[site]
        if place.kind is not Kind.BINDING or place.whole:
            return 0
        return self.variables.setdefault((place.function, place.name), len(self.variables) + 1)

    def _around(self, one: Expression, site: int, helper: str = "lockstep_value_") -> None:
        if helper != "lockstep_list_":
            self.source.recorded.add(site)
        before = self.file.text[one.start - 1 : one.start]
        apart = " " if before.isalnum() or before == "_" else ""  # if(x): the keyword stands alone
        opening = f"{apart}{helper}({self.frame},{site + 1},"
        closing = "){:}" if helper == "lockstep_list_" else ")"
        self._insert(one.start, opening, Order.PREFIX)
        self._insert(one.end, closing, Order.SUFFIX)

    # Functions

    def function(self, function: TracedFunction) -> None:
        """Insert what records the entry, the statements and the exit of a function."""
        tree = function.tree
        if function.is_script:
            self.frame = str(-function.number * FRAME_STEP)
            self._insert(tree.start, f"lockstep_value_({function.number},-1,0); ")
        else:
            lost = _clears(tree) or tree.nested or tree.is_nested
            self.frame = str(-function.number * FRAME_STEP) if lost else FRAME
            self._insert(tree.end, self._entry(function))
            self._exit(tree.stop)
        self._block(tree.body)

    def _entry(self, function: TracedFunction) -> str:
        enter = f"lockstep_value_({function.number},-1,nargin);"
        text = [f"; {FRAME} = {enter}" if self.frame == FRAME else f"; {enter}"]
        for k, (one, site) in enumerate(
            zip(function.tree.parameters, function.arguments, strict=True)
        ):
            if site < 0:
                continue
            record = self._record(site, one.name, "lockstep_argument_") + ";"
            last = k == len(function.arguments) - 1
            given = one.name == "varargin" and last
            text.append(record if given else f"if (nargin > {k}) {record} end;")
        return " ".join(text)

    def _exit(self, place: int) -> None:
        text = f"lockstep_value_({self.frame},0); "
        self._insert(place, f"\n{text}\n" if place >= len(self.file.text) else text)

    # Statements

    def _block(self, nodes: Sequence[Node]) -> None:
        for node in nodes:
            self._statement(node)

    def _statement(self, node: Node) -> None:
        if node.sort in (Sort.ASSIGNMENT, Sort.STEP, Sort.DECLARATION):
            self._binding(node)
        elif node.sort is Sort.EXPRESSION and node.value is not None:
            self._inside(node.value)
        elif node.sort is Sort.RETURN:
            self._insert(node.start, f"lockstep_value_({self.frame},0); ")
        elif node.sort is Sort.FOR:
            self._for(node)
        elif node.sort in (Sort.IF, Sort.WHILE, Sort.DO):
            self._condition(node)
        elif node.sort is Sort.SWITCH:
            self._switch(node)
        elif node.sort is Sort.TRY:
            for target in node.targets:
                record = self._record(self.source.bindings[target], f"{target.name}.message")
                self._insert(node.otherwise_start, f"; {record};")
        self._block(node.body)
        self._block(node.otherwise)

    def _binding(self, node: Node) -> None:
        target = node.targets[0] if node.targets else None
        simple = node.operator == "=" and not node.listed and node.sort is Sort.ASSIGNMENT
        if simple and target is not None and target.form is Form.NAME and self.expressions:
            assert node.value is not None
            self._around(node.value, self.source.bindings[target])
            self._inside(node.value)
            return
        if node.value is not None:
            if node.listed:
                self._inside(node.value)
            else:
                self._wrap(node.value, single=True)
        for value in node.values:
            if value is not None:
                self._wrap(value, single=True)
        for one in node.targets:
            self._indices(one)
        self._after(node)

    def _after(self, node: Node) -> None:
        """Record what a statement gave values to, after it."""
        semicolon = self.file.text[node.end :].lstrip(" \t\r").startswith(";")
        for one in node.targets:
            site = self.source.bindings.get(one)
            if site is not None:
                record = self._record(site, base_name(one))
                self._insert(node.end, f"{'; ' if semicolon else ', '}{record}")

    def _for(self, node: Node) -> None:
        assert node.value is not None
        if node.value.bare.form is Form.NAME and node.value.bare in self.source.sites:
            self._around(node.value.bare, self.source.sites[node.value.bare])
        else:
            self._wrap(node.value, single=True)
        records = [
            self._record(self.source.bindings[one], base_name(one))
            for one in node.targets
            if one in self.source.bindings
        ]
        self._insert(node.body_start, "".join(f", {record};" for record in records))

    def _condition(self, node: Node) -> None:
        assert node.value is not None
        site = self.source.decisions[node]
        if node.sort is Sort.DO or not short_circuits(node.value):
            self._around(node.value, site)
            self._inside(node.value)
            return
        # Octave evaluates | and & as || and && here, and only here: they must stay outermost.
        self._operands(node.value)
        self._insert(node.body_start, f", {self._record(site, 'true')};")
        if node.sort is Sort.IF:
            self._false(node, site)

    def _false(self, node: Node, site: int) -> None:
        """Record that a condition which cannot be recorded itself did not hold."""
        record = self._record(site, "false")
        chained = bool(node.otherwise) and node.otherwise[0].chained
        if chained:
            return  # the next condition's record tells
        if node.otherwise_start >= 0:
            self._insert(node.otherwise_start, f" {record};")
        else:
            self._insert(node.closing, f"else {record}; ")

    def _switch(self, node: Node) -> None:
        assert node.value is not None
        self._around(node.value, self.source.decisions[node])
        self._inside(node.value)
        last = -1
        for case in node.body:
            assert case.value is not None
            self._inside(case.value)
            last = self.source.decisions[case]
            self._insert(case.body_start, f", {self._record(last, 'true')};")
        if last < 0:
            return
        record = self._record(last, "false")
        if node.otherwise_start >= 0:
            self._insert(node.otherwise_start, f" {record};")
        else:
            self._insert(node.closing, f"otherwise {record}; ")

    # Expressions

    def _wrap(self, one: Expression, single: bool) -> None:
        """Record an expression and those in it; `single` where only one value may stand."""
        if one.form is Form.PARENTHESES:
            self._wrap(one.parts[0], single)
            return
        site = self.source.sites.get(one)
        if site is not None and self.expressions and self._can_be_wrapped(one):
            several = may_be_several(one) and not single
            if self.chains or not several:
                self._around(one, site, "lockstep_list_" if several else "lockstep_value_")
        self._inside(one)

    def _can_be_wrapped(self, one: Expression) -> bool:
        return (
            one.form is not Form.NAME or self.source.calls.get(self.source.sites[one]) is not None
        )

    def _inside(self, one: Expression) -> None:
        """Record the expressions in an expression."""
        if one.form is Form.ANONYMOUS:
            return
        if one.form in (Form.UNARY, Form.POSTFIX) and one.name in STEPS:
            self._nested_step(one)
            return
        if one.form is Form.PARENTHESES:
            self._inside(one.parts[0])
        elif one.form is Form.CHAIN:
            if one.parts[0].form is not Form.NAME:
                self._wrap(one.parts[0], single=True)
            keep_path(self.insertions, one, self.path)
            self._indices(one)
        elif one.form in (Form.MATRIX, Form.CELL):
            for part in one.parts:
                self._wrap(part, single=False)
        elif one.form is Form.ASSIGNMENT:
            self._nested_assignment(one)
        else:
            joined = _transposed_factor(one)
            for part in one.parts:
                if part is joined:
                    self._inside(part)
                else:
                    self._wrap(part, single=True)

    def _nested_assignment(self, one: Expression) -> None:
        target, value = one.parts
        site = self.source.bindings.get(target)
        if one.name == "=" and target.form is Form.NAME and site is not None:
            self._around(value, site)
            self._inside(value)
        else:
            self._inside(value)
            self._indices(target)

    def _nested_step(self, one: Expression) -> None:
        """Record what a variable is after ``x++`` in an expression, which has the value before."""
        site, name = self.source.bindings.get(one.parts[0]), base_name(one.parts[0])
        if site is not None and one.parts[0].form is Form.NAME:
            self.source.recorded.add(site)
            step = self.file.text[one.start : one.end]
            both = f"{{({step}), lockstep_value_({self.frame},{site + 1},{name})}}{{1}}"
            self._insert(one.start, both, Order.REPLACED, one.end - one.start)

    def _indices(self, one: Expression) -> None:
        for link in one.links:
            for argument in link.arguments:
                self._wrap(argument, single=False)

    def _operands(self, one: Expression) -> None:
        """Record the operands of a condition, and no operation of two of them."""
        if one.form is Form.PARENTHESES:
            self._operands(one.parts[0])
        elif short_circuits(one):
            for part in one.parts:
                self._operands(part)
        else:
            self._wrap(one, single=True)


def keep_path(into: Insertions, one: Expression, path: Path) -> None:
    """Let ``mfilename ("fullpath")`` in a copy give the path of the original."""
    if one.form is not Form.CHAIN or one.parts[0].name != "mfilename" or len(one.links) != 1:
        return
    asked = [into.before[a.start + 1 : a.end - 1] for a in one.links[0].arguments]
    own = {"fullpath": path.with_suffix(""), "fullpathext": path}.get(asked[0] if asked else "")
    if own is not None:
        literal = "'" + str(own).replace("'", "''") + "'"
        into.add(one.start, literal, Order.REPLACED, one.end - one.start)


def _transposed_factor(product: Expression) -> Expression | None:
    r"""Return the factor whose transpose Octave takes together with the product, in one operation.

    Of ``a' * b``, ``a * b'`` and ``a' \ b``: apart, the last bits may be others.
    """
    if product.form is not Form.BINARY or product.name not in ("*", "\\"):
        return None
    for factor in product.parts if product.name == "*" else product.parts[:1]:
        if factor.bare.form is Form.POSTFIX and factor.bare.name in ("'", ".'"):
            return factor
    return None


def _clears(function: Function) -> bool:
    """Whether a function clears its variables, and with them the number of its frame."""
    return any(
        inner.form is Form.NAME and inner.name in _CLEARING
        for node in function.statements()
        for expression in (node.value, *node.values)
        if expression is not None
        for inner in expression.walk()
    )
