"""A piece of Octave's statement in the place of a piece of the port's, which brings it nearer.

A factor, a term or an index that the port has lost, or an operator that is another one, stands in
Octave's text. Where a statement of the port and one of Octave's give the same variable a value, or
decide, each expression within the one is tried in the place of each within the other, if then both
are made of more of the same. May import `changes`, `closeness`, `dialects`, `evidence`, `match`,
`octave_files`, `patience`, `slips`, `statements`, `translator`, `project`, `sources` and `model`.
"""

import ast
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from lockstep.explain.changes.change import Change
from lockstep.explain.changes.context import Context, bound_name, subexpressions
from lockstep.explain.changes.translation import as_integer, cut
from lockstep.explain.closeness import Bag, apart, made_of, octave_made_of
from lockstep.explain.dialects import base_of
from lockstep.explain.evidence import Evidence
from lockstep.explain.match import Matching
from lockstep.explain.octave_files import OctaveFile, octave_files
from lockstep.explain.patience import Patience
from lockstep.explain.slips import Slip
from lockstep.explain.statements import Statements, statements_that_ran
from lockstep.explain.translator import Spot, Translator
from lockstep.project.m_files import spelling
from lockstep.sources.m_tree import Expression, Form, Node, Sort

LEVEL = 2
"""How common it is among slips."""

MOST_TWINS = 3
"""Statements of Octave that are compared with one of the port."""

MOST_NAMES = 2
"""Variables of the port that may be one of Octave."""

MOST_OF_EACH = 40
"""Changes of one statement that are tried, those first that bring it nearest."""

_JOINING: dict[str, type[ast.operator]] = {
    "*": ast.Mult, ".*": ast.Mult, "/": ast.Div, "./": ast.Div, "+": ast.Add, "-": ast.Sub,
}  # fmt: skip
"""Operators with which an operand may be lost."""

_WRITTEN = (Form.BINARY, Form.UNARY, Form.POSTFIX, Form.CHAIN, Form.RANGE, Form.NUMBER)


@dataclass(frozen=True)
class _Twin:
    """A statement of Octave that one of the port may stand for.

    Attributes
    ----------
    value : Expression
        What it assigns, or decides on.
    name : str
        The variable that it gives a value; empty for a condition.
    words : frozenset of str
        The names and the fields in it, by their spelling.
    file : OctaveFile
        Where it stands.
    """

    value: Expression
    name: str
    words: frozenset[str]
    file: OctaveFile

    @property
    def text(self) -> str:
        """The value as it is written."""
        return self.file.written(self.value)

    def pieces(self) -> Iterator[str]:
        """Yield the texts of the expressions in it, outer ones first."""
        seen = set()
        for one in self.value.walk():
            text = self.file.written(one)
            if one.form in _WRITTEN and text not in seen:
                seen.add(text)
                yield text


def pieces(matching: Matching, statements: Statements, patience: Patience) -> Iterator[Slip]:
    """Make the changes that put a piece of Octave's statement into the port's.

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
    numbers = statements_that_ran(octave)
    twins = [one for file in octave_files(octave, numbers) for one in _twins(file)]
    translator = Translator()
    wrong = {port.source.sites[s].statement for s in port.by_site if matching.is_wrong(s)}
    wrong.add(port.error_statement)
    for statement, evidence in statements.each(patience, lambda one: one not in wrong):
        for change in _changes(twins, evidence, translator):
            yield Slip(change, evidence, statement, LEVEL)


def _twins(file: OctaveFile) -> Iterator[_Twin]:
    """List the conditions and the assignments of a file that ran."""
    for _, node, value in file.deciding_or_assigning():
        if node.sort is not Sort.DO:  # that says when a loop ends
            name = base_of(node.targets[0]).name if node.targets else ""
            yield _Twin(value, name, _words_of(node), file)


def _words_of(node: Node) -> frozenset[str]:
    """Collect the names and the fields in a statement, by their spelling."""
    found = set[str]()
    for whole in (*node.targets, *filter(None, [node.value])):
        for one in whole.walk():
            found.update([one.name] if one.form is Form.NAME else ())
            found.update(link.name for link in one.links if link.name)
    return frozenset(map(spelling, found))


def _changes(
    twins: Sequence[_Twin], evidence: Evidence, translator: Translator
) -> Iterator[Change]:
    """Make the changes of one statement, those first that bring it nearest to Octave's."""
    spot = Spot(Context(evidence))
    if isinstance(evidence.statement, ast.AugAssign):
        yield from _added(twins, evidence.statement, spot, translator)
        return
    whole = _value(evidence.statement)
    if whole is None:
        return
    found: list[tuple[int, Change]] = []
    for twin in _nearest(twins, evidence.statement, whole, spot):
        names = _names_for(twin, spot)
        own, wanted = made_of(whole, names), octave_made_of(twin.text, names)
        olds = [(old, made_of(old, names)) for old in subexpressions(whole)]
        for text in twin.pieces():
            made = octave_made_of(text, names)  # a translation also holds what NumPy needs
            for new in translator.trees(text, spot, twin.file.text):
                for old, part in olds:
                    if not _are_kin(old, new):
                        continue
                    after = apart(own - part + made, wanted)
                    if after < apart(own, wanted):
                        found.append((after, _exchanged(old, new, text, spot.context)))
        for after, old, new, text in _joined(twin, whole, own, wanted, spot, translator):
            found.append((after, _exchanged(old, new, text, spot.context)))
    for _, change in sorted(found, key=lambda one: one[0])[:MOST_OF_EACH]:
        yield change


def _added(
    twins: Sequence[_Twin], statement: ast.AugAssign, spot: Spot, translator: Translator
) -> Iterator[Change]:
    """Add to a variable, or take from it, what Octave adds to its own or takes from it."""
    target = ast.unparse(statement.target)
    for twin in _nearest(twins, statement, statement.value, spot):
        for tree in translator.trees(twin.text, spot, twin.file.text):
            if not isinstance(tree, ast.BinOp) or type(tree.op) is not type(statement.op):
                continue
            new = tree.right
            if ast.unparse(tree.left) == target and ast.dump(new) != ast.dump(statement.value):
                yield _exchanged(statement.value, new, twin.text, spot.context)


def _joined(
    twin: _Twin,
    whole: ast.expr,
    own: Bag,
    wanted: Bag,
    spot: Spot,
    translator: Translator,
) -> Iterator[tuple[int, ast.expr, ast.expr, str]]:
    """Join an operand of Octave's that the port's statement lacks to each of its expressions."""
    if isinstance(whole, ast.Name):
        return  # it lacks where that is bound
    names = _names_for(twin, spot)
    for one in twin.value.walk():
        if one.form is not Form.BINARY or one.name not in _JOINING:
            continue
        for place, operand in enumerate(one.parts):
            text = twin.file.written(operand)
            after = apart(own + octave_made_of(text, names), wanted)
            if after >= apart(own, wanted):
                continue
            for part, old in product(
                translator.trees(text, spot, twin.file.text)[:1], _wholes(whole)
            ):
                sides = (part, old) if place == 0 else (old, part)
                new = ast.BinOp(sides[0], _JOINING[one.name](), sides[1])
                yield after, old, new, twin.file.written(one)


def _wholes(value: ast.expr) -> Iterator[ast.expr]:
    """Yield what may be an operand: no index, no constant."""
    return (one for one in subexpressions(value) if not isinstance(one, (ast.Constant, ast.Slice)))


def _names_for(twin: _Twin, spot: Spot) -> Mapping[str, Sequence[str]]:
    """Say which one variable of the port stands for each that a statement of Octave reads."""
    read = {one.name for one in twin.value.walk() if one.form is Form.NAME}
    return {name: spot.names[name][:1] for name in read if name in spot.names}


def _are_kin(old: ast.expr, new: ast.expr) -> bool:
    """Whether the old one is a part of the new one, or both have a part that is the same."""
    parts = [list(map(ast.dump, ast.iter_child_nodes(one))) for one in (old, new)]
    if ast.dump(old) in parts[1]:
        return True
    if type(old) is not type(new):
        return False
    own = (one for one in ast.iter_child_nodes(old) if isinstance(one, ast.expr))
    return isinstance(old, ast.Constant) or any(ast.dump(one) in parts[1] for one in own)


def _value(statement: ast.stmt) -> ast.expr | None:
    """Return what a statement assigns, returns or decides on; None for none of these."""
    if isinstance(statement, (ast.If, ast.While)):
        return statement.test
    if isinstance(statement, (ast.Assign, ast.AnnAssign, ast.Return)):
        return statement.value
    return None


def _nearest(
    twins: Sequence[_Twin], statement: ast.stmt, value: ast.expr, spot: Spot
) -> list[_Twin]:
    """Choose the statements of Octave that one of the port most likely stands for."""
    own, decides = bound_name(statement), isinstance(statement, (ast.If, ast.While))
    words = _words_in(statement)

    def likeness(twin: _Twin) -> float:
        names = _names_for(twin, spot)
        made, wanted = made_of(value, names), octave_made_of(twin.text, names)
        common = len(twin.words & words) + (made & wanted).total()
        return common / max(len(twin.words | words) + (made | wanted).total(), 1)

    same = [one for one in twins if _may_be(one, own, decides, spot)]
    return sorted(same, key=likeness, reverse=True)[:MOST_TWINS]


def _words_in(statement: ast.stmt) -> set[str]:
    """Collect the names, attributes and texts in the head of a statement, by their spelling."""
    head = statement.test if isinstance(statement, (ast.If, ast.While)) else statement
    found = set[str]()
    for one in ast.walk(head):
        if isinstance(one, ast.Name):
            found.add(one.id)
        elif isinstance(one, ast.Attribute):
            found.add(one.attr)
        elif isinstance(one, ast.Constant) and isinstance(one.value, str):
            found.add(one.value)
    return set(map(spelling, found))


def _may_be(twin: _Twin, own: str, decides: bool, spot: Spot) -> bool:
    """Whether one statement binds what the other does, or what is not known, or both decide."""
    if decides or not twin.name:
        return decides and not twin.name
    likely = spot.names.get(twin.name, ())[:MOST_NAMES]
    if not own and spot.bound.intersection(likely[:1]):
        return False  # a statement before the return stands for it
    if not own or spelling(own) == spelling(twin.name) or own in likely:
        return True
    known = spot.context.evidence.names
    return twin.name not in known and not any(own in found for found in known.values())


def _exchanged(old: ast.expr, new: ast.expr, octave: str, context: Context) -> Change:
    rules = f"Octave has {cut(octave)} here.", f"The port has {cut(ast.unparse(old))}."
    return Change("translation", old, as_integer(new, old, context), *rules, is_guess=True)
