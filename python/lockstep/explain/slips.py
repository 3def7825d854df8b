"""Plain slips in any statement that ran, the commonest first.

May import `changes`, `closeness`, `evidence`, `nodes_of_tree`, `match`, `repeated`, `statements`,
`suspects`, `top`, `ways_round`, `sides`, `sources` and `model`.
"""

import ast
from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from lockstep.explain.changes import changes_of
from lockstep.explain.changes.change import Change
from lockstep.explain.changes.context import Context, subexpressions
from lockstep.explain.changes.rewriting import (
    RewriteError,
    narrowed,
    rewritten,
    substituted,
)
from lockstep.explain.closeness import distance
from lockstep.explain.evidence import Evidence
from lockstep.explain.match import Matching
from lockstep.explain.nodes_of_tree import parents_of, place_of
from lockstep.explain.patience import Patience
from lockstep.explain.repeated import written_together
from lockstep.explain.statements import Statements, statements_that_ran
from lockstep.explain.suspects import Blamed
from lockstep.explain.top import read_from_the_top, statement_at_the_top
from lockstep.explain.ways_round import is_second_name
from lockstep.model.execution import Execution, Kind, Site, Statement, StatementKind
from lockstep.sides.changed_code import Exchange
from lockstep.sources.python_names import bound_names

COMMON = {
    "off-by-one": 1, "comparison": 2, "operator": 2, "operand-order": 2, "sign": 2,
    "extra-term": 2, "function": 2, "extra-statement": 2,
    "condition": 2, "statement-order": 2, "indentation": 2, "reversed": 2,
    "variable": 3, "constant": 3, "extra-function": 3, "lost-function": 4, "brackets": 2,
    "lost-term": 4, "lost-argument": 2, "negation": 2, "order-of-operations": 2, "true-division": 2,
    "default": 2, "broadcast": 2, "lost-entry": 2, "missing-statement": 2, "pattern": 2,
}  # fmt: skip
"""How common a slip of a kind is, 1 the commonest; what says why it is right is as common, and what
the values point at goes before all."""

LOST = "lost-term", "lost-function"
"""What may be lost anywhere, and likeliest where a statement does nothing without it."""

CONFUSED = (
    {ast.Add, ast.Sub}, {ast.Mult, ast.Div}, {ast.Mult, ast.MatMult}, {ast.Mult, ast.Pow},
    {ast.Div, ast.Mod},
)  # fmt: skip
"""Operators that are taken for each other; who has another one has made no slip of the pen."""

SUSPICIOUS = 1
"""How common it is that something is lost where a variable is only given a second name, or that
another one is given a new value."""

FAR_FETCHED = 3
"""From which level on a slip is one of so many that some mend a port by accident."""

LEVELS = 2 + max(COMMON.values())
"""How many levels there are: one more for what is no slip, and tried after all slips."""

Rank = tuple[bool, float]
"""Whether a statement does not run in each case that fails, and in what part of the others it does.

The less, the likelier is the fault there: it runs where it shows."""

SUREST: Rank = (False, 0.0)
"""Of a statement that runs where the port is wrong, and nowhere else."""

USUAL: Rank = (False, 1.0)
"""Of a statement of which that is not known."""


@dataclass(frozen=True, eq=False)
class Slip:
    """A change somewhere in the port.

    Attributes
    ----------
    change : Change
        The change.
    evidence : Evidence
        What is known of its statement.
    statement : Statement
        The statement.
    level : int
        How common it is.
    octave : int
        The statement of Octave that it puts into the port; -1 for none.
    also : tuple of Change
        The same change at other places of the file.
    """

    change: Change
    evidence: Evidence
    statement: Statement
    level: int
    octave: int = -1
    also: tuple[Change, ...] = ()

    @cached_property
    def exchange(self) -> Exchange | None:
        """The change of an expression in the tree; None of a statement."""
        old, new = self.change.old, self.change.new
        is_evaluated_once = self.statement.kind is StatementKind.FUNCTION
        if new is None or not isinstance(old, ast.expr) or self.also or is_evaluated_once:
            return None
        return Exchange(self.evidence.tree, old, new)

    @cached_property
    def top(self) -> ast.stmt | None:
        """The statement at the module's top that it is of, if any."""
        return statement_at_the_top(self.change.old, self.evidence.tree)

    @cached_property
    def empties(self) -> int:
        """The condition that it leaves out, or all that is under it; -1 for none."""
        if self.change.key != "extra-statement":
            return -1
        if self.statement.kind is StatementKind.IF:
            return self.statement.number
        above = parents_of(self.evidence.tree).get(id(self.evidence.statement))
        is_all = isinstance(above, ast.If) and above.body == [self.evidence.statement]
        return self.statement.parent if is_all else -1

    @cached_property
    def key(self) -> tuple[Hashable, ...]:
        """What tells it from others: the whole file, or what stands in the place of what."""
        if self.exchange is None:
            return self.evidence.file, self.mended
        old, new = narrowed(self.exchange.old, self.exchange.new)
        return self.evidence.file, place_of(old), ast.dump(new)

    @cached_property
    def nearness(self) -> int:
        """How far it takes its statement away from Octave's: below 0 towards it, 0 if unknown."""
        octave, statement = self.evidence.octave_statement, self.evidence.statement
        first = self.evidence.first
        if not octave or self.change.new is None or first is None or first.octave is None:
            return 0  # what may stand for it is no more than likely
        changed = substituted(statement, self.change.old, self.change.new)
        names = self.evidence.names
        return distance(changed, octave, names) - distance(statement, octave, names)

    @cached_property
    def mended(self) -> str:
        """The whole file with it; empty where it cannot be written so."""
        if self.also:
            return written_together([self.change, *self.also], self.evidence)
        try:
            return rewritten(self.evidence.text, self.evidence.tree, self.change)
        except RewriteError:
            return ""


def slips(
    matching: Matching,
    statements: Statements,
    named: Blamed | None,
    patience: Patience,
    ranks: Mapping[int, Rank],
) -> Iterator[Slip]:
    """Make the slips of all statements that ran, first of those with values that Octave lacks.

    Parameters
    ----------
    matching : Matching
        Both executions of one case.
    statements : Statements
        Of the port.
    named : Blamed or None
        The place that is named; slips of its statement go before all others.
    patience : Patience
        How long that may take.
    ranks : mapping
        By statement, how well the cases in which it runs are those that fail.
    """
    port = matching.port.execution
    wrong = {port.source.sites[s].statement for s in port.by_site if matching.is_wrong(s)}
    first = -1 if named is None else port.source.sites[named.site].statement

    def turn(one: int) -> tuple[bool, bool, Rank, bool, int]:
        is_second = is_second_name(port.source.statements[one])
        return one != first, not is_second, ranks.get(one, USUAL), one not in wrong, one

    for statement, evidence in statements.each(patience, turn):
        for slip in of_statement(statement, evidence):
            is_named = statement.number == first
            yield replace(slip, level=_level_at_named(slip)) if is_named else slip


def _level_at_named(slip: Slip) -> int:
    """Say how common a slip is in the statement that is named: it is likelier there."""
    if slip.level < FAR_FETCHED:
        return 0
    return FAR_FETCHED - 1 if slip.change.key in LOST else slip.level


def is_promoted(slip: Slip) -> bool:
    """Whether a slip is looked at before those that are as common: a term that fits by chance."""
    return slip.change.key == "lost-term" and slip.level < COMMON["lost-term"]


def slips_near(matching: Matching, statements: Statements, named: Blamed | None) -> Iterator[Slip]:
    """Make the common slips in what keeps the variables of a named place from other values.

    So does a statement that stands on the wrong side of a loop, or of an end of its block.
    """
    port = matching.port.execution
    if named is None:
        return
    yield from _moving(port, statements, port.source.sites[named.site])
    for number in dict.fromkeys(_kept_away_by(port, port.source.sites[named.site].statement)):
        evidence = statements.evidence(number)
        if evidence is not None:
            for slip in of_statement(port.source.statements[number], evidence):
                if slip.level < FAR_FETCHED and slip.exchange is not None:
                    yield replace(slip, level=0)


def _moving(port: Execution, statements: Statements, read: Site) -> Iterator[Slip]:
    """Move what gives a variable its value to where it is in force when it is read at a place."""
    if read.kind is not Kind.READ:
        return
    for one in port.source.statements:
        is_head = one.kind in (StatementKind.FOR, StatementKind.WHILE, StatementKind.IF)
        is_near = is_head and one.function == read.function
        evidence = statements.evidence(one.number) if is_near else None
        if evidence is None:
            continue
        for _, change in changes_of(evidence.statement, Context(evidence)):
            moved = change.about if change.key == "indentation" else None
            if isinstance(moved, ast.stmt) and read.name in bound_names(moved):
                yield Slip(change, evidence, one, 0)


def _kept_away_by(port: Execution, number: int) -> Iterator[int]:
    """Yield the statements that decide that the variables of one are not given another value.

    What would give it never ran: an if or a loop is not entered.
    """
    ran, source = statements_that_ran(port), port.source.statements
    names = {*source[number].uses, *source[number].defines}
    for one in source:
        if one.number not in ran and not names.isdisjoint(one.defines):
            parent = one.parent
            while parent >= 0 and parent not in ran:
                parent = source[parent].parent
            if parent >= 0 and one.function == source[number].function:
                yield parent


def of_statement(statement: Statement, evidence: Evidence) -> Iterator[Slip]:
    """Make the slips of one statement."""
    context = Context(evidence)
    own = evidence.statement
    nodes: list[ast.AST] = [own]
    for part in ast.iter_child_nodes(own):
        if isinstance(part, (ast.expr, ast.withitem)):
            nodes += subexpressions(part)
        elif isinstance(part, ast.arguments):
            nodes += [*part.defaults, *filter(None, part.kw_defaults)]
    for part in read_from_the_top(nodes[1:], evidence.tree):
        nodes += subexpressions(part)
    for node in nodes:
        for _, change in changes_of(node, context):
            level = _level(change, context)
            if level >= 0:
                yield Slip(change, evidence, statement, level)


def _level(change: Change, context: Context) -> int:
    """Say how common a slip is; -1 for a change that is none."""
    old, new = change.old, change.new
    if change.key == "variable":
        if new is None:  # of what is assigned there are few
            return SUSPICIOUS
        if isinstance(new, (ast.Subscript, ast.Tuple, ast.List)):
            return COMMON["variable"] if change.is_guess else SUSPICIOUS
        if not isinstance(old, ast.Name) and type(old) is not type(new):
            return -1
        return COMMON["variable"] - _are_alike(old, new, context)
    if isinstance(old, ast.Constant) and isinstance(old.value, bool):
        return COMMON["condition"]  # it has but one other value
    if change.key == "library-default" and change.is_guess:
        return COMMON["default"]  # it has few others
    if change.key == "operator" and isinstance(old, ast.BinOp) and isinstance(new, ast.BinOp):
        is_plain = {type(old.op), type(new.op)} in CONFUSED
        return COMMON["operator"] if is_plain else max(COMMON.values())
    is_bound = isinstance(new, ast.Call) and len(new.args) > 1  # of which there are many
    if change.key in LOST and isinstance(old, ast.Name) and not is_bound:
        statement = context.parent(old)
        if isinstance(statement, ast.Assign):  # it only gives a variable a second name, or several
            return SUSPICIOUS if isinstance(statement.targets[0], ast.Name) else FAR_FETCHED - 1
    return COMMON.get(change.key, -1 if change.is_guess else 1)


def _are_alike(one: ast.expr, other: ast.expr, context: Context) -> bool:
    """Whether two variables are arrays of one shape, so that one is easily taken for the other."""
    first, second = context.array(one), context.array(other)
    return first is not None and second is not None and first.shape == second.shape != ()
