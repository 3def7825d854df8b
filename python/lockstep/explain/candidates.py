"""Changes of the port that may mend it, those first that give Octave's value on the inputs seen.

Each changed expression is evaluated with the values that its variables had when the place was
reached (see `outcomes`). Of slips, of which there are very many, those go first that bring the port
nearest to Octave's own expression. May import `evidence`, `changes`, `closeness` and `outcomes`.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from lockstep.explain.changes import changes_of
from lockstep.explain.changes.change import Change
from lockstep.explain.changes.context import Context, subexpressions
from lockstep.explain.changes.rewriting import RewriteError, rewritten
from lockstep.explain.closeness import distance as apart
from lockstep.explain.evidence import Evidence
from lockstep.explain.outcomes import Match, is_telling_value, match_of
from lockstep.explain.patience import Patience
from lockstep.explain.top import read_from_the_top
from lockstep.model.report import Fault
from lockstep.sources.python_names import bound_names

NEAR, FAR = 2, 5
"""How far what a called function holds is from the place, and what reads its value."""

STEPS_BACK = 3
"""How many statements back from the place what is read there is followed."""

SECONDS = 4.0
"""Time for the evaluation of changed expressions."""


@dataclass(frozen=True, eq=False)
class Candidate:
    """A change, and how well it gives Octave's value.

    Attributes
    ----------
    change : Change
        The change.
    mended : str
        The whole source with it.
    match : Match
        How well it gives Octave's value.
    place : tuple
        Its place among those that match equally well.
    is_telling : bool
        Whether the value that it gives is one that is not had by chance.
    """

    change: Change
    mended: str
    match: Match
    place: tuple[int, ...]
    is_telling: bool = False

    @property
    def is_plausible(self) -> bool:
        """Whether more speaks for it than that outputs agree."""
        return not self.change.is_guess or (self.match <= Match.FIRST and self.is_telling)

    @property
    def distance(self) -> int:
        """How far it is from the place: 0 in the expression, 1 in its statement, then beyond."""
        return self.place[1]


def candidates(evidence: Evidence, seconds: float = SECONDS) -> list[Candidate]:
    """List the changes of a place that may mend it, the likeliest first.

    Parameters
    ----------
    evidence : Evidence
        What is known of the place.
    seconds : float
        After which no more are looked for.
    """
    patience = Patience(seconds)
    context = Context(evidence)
    found: dict[str, Candidate] = {}
    knows_value = evidence.is_sure and evidence.fault not in (Fault.ERROR, Fault.NOTHING)
    knows_value = (
        knows_value and evidence.first is not None and is_telling_value(evidence.first.octave)
    )
    for distance, depth, node in _nodes(evidence):
        if patience.is_over:
            break
        for order, change in changes_of(node, context):
            match, telling = match_of(change, context)
            if match is Match.NONE:
                continue
            is_open = distance == 1 or (distance == 0 and not knows_value)
            slip = is_open and change.key in _SLIPS
            if change.is_guess and match >= Match.UNKNOWN and not slip:
                continue
            try:
                mended = rewritten(evidence.text, evidence.tree, change)
            except RewriteError:
                continue
            near = _nearness(change, context)
            early = near if change.is_guess else 0
            place = (int(change.is_guess), distance, early, order, near, depth, len(found))
            one = Candidate(change, mended, match, place, telling)
            known = found.get(mended)
            if known is None or _rank(one) < _rank(known):
                found[mended] = one
    return sorted(found.values(), key=_rank)


_SLIPS = (
    "operator", "operand-order", "sign", "extra-term", "off-by-one", "constant", "negation",
    "brackets", "order-of-operations", "translation",
)  # fmt: skip
"""Plain slips: worth trying in the statement though nothing is known of their values."""


def _nearness(change: Change, context: Context) -> int:
    """Say how far a change takes the port away from Octave's expression; below 0: towards it."""
    evidence = context.evidence
    octave = evidence.octave_expression or evidence.octave_statement
    if change.new is None or not octave:
        return 0
    named = context.named
    whole = context.changed(change.old, change.new)
    before, after = (named, whole) if whole is not None else (change.old, change.new)
    return apart(after, octave, evidence.names) - apart(before, octave, evidence.names)


def _rank(candidate: Candidate) -> tuple[int, ...]:
    return (int(candidate.match), *candidate.place)


def _nodes(evidence: Evidence) -> Iterator[tuple[int, int, ast.AST]]:
    """Yield the nodes that may be changed: how far they are from the place, how deep in it."""
    seen: set[int] = set()
    named = evidence.expression
    if named is not None:
        for depth, node in enumerate(subexpressions(named)):
            seen.add(id(node))
            yield 0, depth, node
        for part in read_from_the_top(subexpressions(named), evidence.tree):
            for depth, node in enumerate(subexpressions(part)):
                seen.add(id(node))
                yield 0, depth, node
    seen.add(id(evidence.statement))
    yield 1, 0, evidence.statement
    header = _own_expressions(evidence.statement)
    for part in header:
        for depth, node in enumerate(subexpressions(part)):
            if id(node) not in seen:
                seen.add(id(node))
                yield 1, depth, node
    yield from _definitions(evidence, seen)
    yield from _called(evidence, seen)
    yield from _uses(evidence, seen)
    for call in _calls_of(evidence):
        yield FAR, 0, call
    for statement in ast.walk(evidence.function):
        if isinstance(statement, ast.stmt) and id(statement) not in seen:
            yield FAR, 0, statement


def _own_expressions(statement: ast.stmt) -> list[ast.expr]:
    """List the expressions of a statement, not those of its body."""
    found: list[ast.expr] = []
    for name, value in ast.iter_fields(statement):
        if name in ("body", "orelse", "finalbody", "handlers"):
            continue
        for item in value if isinstance(value, list) else [value]:
            if isinstance(item, ast.expr):
                found.append(item)
    return found


def _called(evidence: Evidence, seen: set[int]) -> Iterator[tuple[int, int, ast.AST]]:
    """Yield what stands in the functions of the file that are called at the place."""
    names = {
        node.func.id
        for part in _own_expressions(evidence.statement)
        for node in ast.walk(part)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }
    for function in evidence.tree.body:
        if isinstance(function, ast.FunctionDef) and function.name in names:
            for node in ast.walk(function):
                if isinstance(node, (ast.stmt, ast.expr)) and id(node) not in seen:
                    seen.add(id(node))
                    yield NEAR, 0, node


def _uses(evidence: Evidence, seen: set[int]) -> Iterator[tuple[int, int, ast.AST]]:
    """Yield the statements that read what the named statement binds."""
    names = set(bound_names(evidence.statement))
    for statement in ast.walk(evidence.function):
        if not isinstance(statement, ast.stmt) or id(statement) in seen:
            continue
        for part in _own_expressions(statement):
            for depth, node in enumerate(subexpressions(part)):
                if isinstance(node, ast.Name) and node.id in names and id(node) not in seen:
                    seen.add(id(node))
                    yield FAR, depth, node


def _calls_of(evidence: Evidence) -> Iterator[ast.Call]:
    """Yield the calls in the file of the function that the place is in."""
    name, own = evidence.function.name, {id(node) for node in ast.walk(evidence.function)}
    for node in ast.walk(evidence.tree):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
            continue
        if node.func.id == name and id(node) not in own:
            yield node


def _definitions(evidence: Evidence, seen: set[int]) -> Iterator[tuple[int, int, ast.AST]]:
    """Yield the statements that gave or changed what is read at the place, and what these read."""
    named: list[ast.AST] = [*_own_expressions(evidence.statement)]
    statements = [
        one
        for one in ast.walk(evidence.function)
        if isinstance(one, (ast.Assign, ast.AugAssign, ast.AnnAssign, ast.Expr, ast.For))
        and one is not evidence.statement
    ]
    for distance in range(2, 2 + STEPS_BACK):
        names = {n.id for part in named for n in ast.walk(part) if isinstance(n, ast.Name)}
        named = []
        for statement in statements:
            if id(statement) not in seen and _changed_names(statement) & names:
                seen.add(id(statement))
                yield distance, 0, statement
                named += _own_expressions(statement)
        for part in named:
            for depth, node in enumerate(subexpressions(part)):
                if id(node) not in seen:
                    seen.add(id(node))
                    yield distance, depth, node


def _changed_names(statement: ast.stmt) -> set[str]:
    """Name what a statement binds or changes, by a method such as ``append`` too."""
    names = set(bound_names(statement))
    if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call):
        function = statement.value.func
        if isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name):
            names.add(function.value.id)
        names |= {a.id for a in statement.value.args[:1] if isinstance(a, ast.Name)}
    return names
