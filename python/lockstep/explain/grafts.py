"""What Octave has, in the place of what the port has: conditions, and what is assigned.

Where no value points at the place of a mistake, Octave's own words are tried: each condition, and
each part of one, in the place of each of the port's or joined to it, and what it assigns to a
variable in the place of what the port assigns to its own. May import `changes`, `dialects`,
`evidence`, `match`, `octave_files`, `slips`, `statements`, `translating`, `translator`, `sources`
and `model`.
"""

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lockstep.explain.changes.change import Change
from lockstep.explain.changes.context import Context, bound_name, called
from lockstep.explain.changes.joined import joined, opposite
from lockstep.explain.changes.rewriting import segment
from lockstep.explain.changes.translation import as_integer, cut
from lockstep.explain.dialects import base_of
from lockstep.explain.match import Matching
from lockstep.explain.octave_files import OctaveFile, octave_files
from lockstep.explain.patience import Patience
from lockstep.explain.slips import LEVELS, Slip
from lockstep.explain.statements import Statements, statements_that_ran
from lockstep.explain.translating import operands
from lockstep.explain.translator import Spot, Translator
from lockstep.model.execution import Execution
from lockstep.sources.m_tree import Form, Sort

LEVEL, REPLACING = 3, LEVELS - 1
"""How common it is among slips; and of what leaves a function of the port's out, which tells not
what is wrong in it."""

MOST = 600
"""Changes that are made of all."""


@dataclass(frozen=True)
class _Words:
    """What Octave has at one place.

    Attributes
    ----------
    text : str
        The expression.
    name : str
        The variable that it is assigned to; empty for a condition.
    octave : str
        The text of the file.
    whole : str
        The statement, where it changes a part of the variable; else empty.
    is_output : bool
        Whether the variable is an output of its function.
    """

    text: str
    name: str
    octave: str
    whole: str = ""
    is_output: bool = False


def grafts(matching: Matching, statements: Statements, patience: Patience) -> Iterator[Slip]:
    """Make the changes that put what Octave has into the place of what the port has.

    Parameters
    ----------
    matching : Matching
        Both executions of one case.
    statements : Statements
        Of the port.
    patience : Patience
        How long that may take.
    """
    octave, port = matching.octave.execution, matching.port.execution
    words = [
        one for file in octave_files(octave, statements_that_ran(octave)) for one in _words(file)
    ]
    translator, made = Translator(), 0
    for statement, evidence in statements.each():
        spot = Spot(Context(evidence))
        for change in _changes(words, spot, translator):
            made += 1
            if made > MOST or patience.is_over:
                return
            is_condition = any(change.old is one for one in _conditions(evidence.statement))
            replaces = not is_condition and _is_of_the_port(change.old, port)
            level = REPLACING if replaces else LEVEL
            yield Slip(change, evidence, statement, level)


def _is_of_the_port(node: ast.AST, port: Execution) -> bool:
    """Whether an expression calls a function of the port's own, which is written out otherwise."""
    own = {name.rpartition(":")[2].rpartition(".")[2] for name in port.source.files}
    return any(called(one) in own for one in ast.walk(node))


def _words(file: OctaveFile) -> Iterator[_Words]:
    """List the conditions and the assignments of a file that ran."""
    for function, node, value in file.deciding_or_assigning():
        text = file.written(value)
        if node.sort is not Sort.ASSIGNMENT:
            yield _Words(text, "", file.text)
            continue
        name = base_of(node.targets[0]).name
        whole = file.written(node) if node.targets[0].form is Form.CHAIN else ""
        is_output = any(name == one.name for one in function.outputs)
        yield _Words(text, name, file.text, whole, is_output)


def _changes(words: Sequence[_Words], spot: Spot, translator: Translator) -> Iterator[Change]:
    statement = spot.context.evidence.statement
    for node in _conditions(statement):
        for one in words:
            if not one.name:
                yield from _in_place(node, one, spot, translator, _jumps(statement))
                yield from _joined(node, one, spot, translator)
    value = getattr(statement, "value", None)
    if not isinstance(value, ast.expr) or isinstance(statement, ast.AugAssign):
        return
    own, returns = bound_name(statement), isinstance(statement, ast.Return)
    for one in words:
        if one.whole and own and isinstance(statement, ast.Assign):
            yield from _in_a_part(statement, own, one, spot, translator)
        if (own and own in spot.names.get(one.name, ())) or (returns and one.is_output):
            yield from _in_place(value, one, spot, translator)


def _in_a_part(
    statement: ast.Assign, own: str, words: _Words, spot: Spot, translator: Translator
) -> Iterator[Change]:
    """Assign to the part of a variable that Octave assigns to, in place of the whole of it."""
    if len(statement.targets) != 1 or not isinstance(statement.targets[0], ast.Name):
        return
    text = segment(spot.context.evidence.text, statement.value)
    found = translator.statements(words.whole, spot, words.octave)
    for target in dict.fromkeys(one.partition(" = ")[0] for one in found):
        if target.startswith(f"{own}["):
            octave = f"Octave has {cut(words.whole)} here."
            python = f"The port gives the whole of {own} another value."
            yield Change(
                "translation", statement, None, octave, python, lines=f"{target} = {text}",
                is_guess=True,
            )  # fmt: skip


def _conditions(statement: ast.stmt) -> Iterator[ast.expr]:
    """List the conditions of a statement, not of those in it."""
    if isinstance(statement, (ast.If, ast.While)):
        yield statement.test
    elif not hasattr(statement, "body"):
        yield from (one.test for one in ast.walk(statement) if isinstance(one, ast.IfExp))


def _jumps(statement: ast.stmt) -> bool:
    """Whether a statement asks only whether a loop or a function ends here."""
    jumps = (ast.Break, ast.Continue, ast.Return, ast.Raise)
    return isinstance(statement, ast.If) and isinstance(statement.body[0], jumps)


def _joined(node: ast.expr, words: _Words, spot: Spot, translator: Translator) -> Iterator[Change]:
    """Add to a condition a part of Octave's."""
    asked = operands(words.text)
    yield from joined(node, {one: translator.trees(one, spot, words.octave) for one in asked})


def _in_place(
    node: ast.expr, words: _Words, spot: Spot, translator: Translator, may_end: bool = False
) -> Iterator[Change]:
    """Put an expression in the place of another; its opposite, too, where that may end a loop."""
    for part in translator.trees(words.text, spot, words.octave):
        new = as_integer(part, node, spot.context)
        for tree in (new, opposite(new)) if may_end else (new,):
            if ast.dump(tree) != ast.dump(node):
                octave = f"Octave has {cut(words.text)} here."
                python = f"The port has {cut(ast.unparse(node))}."
                yield Change("translation", node, tree, octave, python, is_guess=True)
