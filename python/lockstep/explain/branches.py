"""Branches of an if or a switch of Octave's that the port's if lacks, put in as elif or else.

May import `changes`, `match`, `names`, `octave_files`, `patience`, `slips`, `statements`,
`translator`, `sources` and `model`.
"""

import ast
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass

from lockstep.explain.changes.change import Change
from lockstep.explain.changes.context import Context
from lockstep.explain.changes.translation import cut
from lockstep.explain.changes.written import written
from lockstep.explain.match import Matching
from lockstep.explain.names import names_of_expressions
from lockstep.explain.octave_files import OctaveFile, octave_files
from lockstep.explain.patience import Patience
from lockstep.explain.slips import Slip
from lockstep.explain.statements import Statements, statements_that_ran
from lockstep.explain.translator import Spot, Translator
from lockstep.model.execution import StatementKind
from lockstep.sources.m_tree import Node, Sort

LEVEL = 3
"""How common it is among slips."""

MOST_STATEMENTS = 6
"""Statements of a branch that are translated."""

MOST_WAYS, MOST_CONDITIONS = 4, 2
"""Ways in which a branch, and its condition, may be meant that are tried."""


@dataclass(frozen=True)
class _Branch:
    """What Octave does under a condition of several, of which one holds, or where none does.

    Then the condition is empty.
    """

    condition: str
    texts: tuple[str, ...]
    octave: str


def branches(matching: Matching, statements: Statements, patience: Patience) -> Iterator[Slip]:
    """Make the changes that put a branch of Octave into an if of the port.

    Parameters
    ----------
    matching : Matching
        Both executions of one case.
    statements : Statements
        Of the port.
    patience : Patience
        How long that may take.
    """
    found, translator = list(_that_ran(matching)), Translator()
    more = names_of_expressions(matching)
    for statement, evidence in statements.each() if found else ():
        node = evidence.statement
        if statement.kind is not StatementKind.IF or not isinstance(node, ast.If):
            continue
        context = Context(evidence)
        text, has_else = written(node, context), bool(_last(node).orelse)
        if text.startswith("elif") or node.body[0].lineno == node.lineno:
            continue
        for one in found:
            if patience.is_over:
                return
            if has_else and not one.condition:
                continue
            for branch in _translated(one, Spot(context, more=more), translator):
                yield Slip(_change(node, text, branch, one), evidence, statement, LEVEL)


def _that_ran(matching: Matching) -> Iterator[_Branch]:
    """List the branches that Octave took in the case."""
    octave = matching.octave.execution
    for file in octave_files(octave, statements_that_ran(octave)):
        for node in file.statements():
            yield from _of_node(node, file)


def _of_node(node: Node, file: OctaveFile) -> Iterator[_Branch]:
    if node.sort is Sort.IF and node.value is not None:
        yield from _branch(file.written(node.value), node.body, file)
        yield from _branch("", node.otherwise, file)
    if node.sort is Sort.SWITCH and node.value is not None:
        for case in node.body:
            if case.value is not None:
                condition = f"{file.written(node.value)} == {file.written(case.value)}"
                yield from _branch(condition, case.body, file)


def _branch(condition: str, body: Sequence[Node], file: OctaveFile) -> Iterator[_Branch]:
    plain = all(one.sort is Sort.ASSIGNMENT and not one.listed for one in body)
    if 0 < len(body) <= MOST_STATEMENTS and plain and file.number(body[0]) >= 0:
        yield _Branch(condition, tuple(map(file.written, body)), file.text)


def _translated(one: _Branch, place: Spot, translator: Translator) -> Iterator[str]:
    """Translate a branch in each way, as it stands at the margin behind an if."""
    ways = [translator.statements(text, place, one.octave) for text in one.texts]
    conditions = translator.expressions(one.condition, place, one.octave)[:MOST_CONDITIONS]
    if not all(ways):
        return
    for number in range(min(MOST_WAYS, max(map(len, ways)))):
        body = "".join(f"\n    {way[min(number, len(way) - 1)]}" for way in ways)
        for condition in conditions if one.condition else ("True",):
            with suppress(SyntaxError):
                plain = ast.unparse(ast.parse(f"if {condition}:{body}"))
                yield f"el{plain}" if one.condition else plain.replace("if True", "else", 1)


def _change(node: ast.If, text: str, branch: str, one: _Branch) -> Change:
    """Put a branch before the else, or behind all there are."""
    last = _last(node)
    lines = text.split("\n")
    place = len(lines)
    if last.orelse:
        place = last.orelse[0].lineno - node.lineno
        while not lines[place].startswith("else"):
            place -= 1
    made = "\n".join([*lines[:place], branch, *lines[place:]])
    where = f"where {cut(one.condition)}" if one.condition else "where the condition does not hold"
    octave = f"Octave does {cut('; '.join(one.texts))} {where}."
    python = "The port has no such branch."
    return Change("missing-statement", node, None, octave, python, lines=made)


def _last(node: ast.If) -> ast.If:
    """Return the last elif of an if; itself where there is none."""
    while len(node.orelse) == 1 and isinstance(node.orelse[0], ast.If):
        node = node.orelse[0]
    return node
