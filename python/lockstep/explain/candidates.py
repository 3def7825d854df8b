"""Changes of the port that may mend it, those first that give Octave's value on the inputs seen.

Each changed expression is evaluated with the values that its variables had when the place was
reached, turn by turn, and compared with what Octave had there. Of slips, of which there are very
many, those go first that bring the port nearest to Octave's own expression. May import `evidence`,
`changes`, `closeness` and `numbers`.
"""

import ast
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

import numpy as np

from lockstep.explain.changes import changes_of
from lockstep.explain.changes.change import Change, Where
from lockstep.explain.changes.context import MISSING, Context, subexpressions
from lockstep.explain.changes.rewriting import RewriteError, rewritten
from lockstep.explain.closeness import distance as apart
from lockstep.explain.evidence import Evidence, Turn
from lockstep.explain.numbers import is_telling, numbers, same_numbers
from lockstep.model.report import Fault
from lockstep.sources.python_names import bound_names

NEAR, FAR = 2, 5
"""How far what a called function holds is from the place, and what reads its value."""

STEPS_BACK = 3
"""How many statements back from the place what is read there is followed."""

SECONDS = 4.0
"""Time for the evaluation of changed expressions."""


class Match(IntEnum):
    """How well a changed expression gives Octave's value; the lower the better."""

    ALWAYS = 0
    """At every turn that was looked at."""
    FIRST = 1
    """At the first turn that differs, and those before it."""
    RELATED = 2
    """The value is Octave's, transposed or less one."""
    UNKNOWN = 3
    """It could not be evaluated, or the value is not where the change shows."""
    ANOTHER = 4
    """It gives another value than Octave's."""
    NONE = 5
    """It changes nothing, or cannot be evaluated where the expression itself can."""


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
    deadline = time.monotonic() + seconds
    context = Context(evidence)
    found: dict[str, Candidate] = {}
    knows_value = evidence.is_sure and evidence.fault is not Fault.ERROR
    knows_value = knows_value and evidence.first is not None and _is_telling(evidence.first.octave)
    for distance, depth, node in _nodes(evidence):
        if time.monotonic() > deadline:
            break
        for order, change in changes_of(node, context):
            match, telling = _match(change, context, distance)
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


def _match(change: Change, context: Context, distance: int) -> tuple[Match, bool]:
    evidence = context.evidence
    first = evidence.first
    outcome_of = _evaluation(change, context)
    if first is None or outcome_of is None:
        return Match.UNKNOWN, False
    if not evidence.is_sure:
        value = outcome_of(first.variables)
        useless = value is MISSING or (is_same(value, first.own) and not change.keeps_value)
        return (Match.NONE if useless else Match.UNKNOWN), False
    if evidence.fault is Fault.ERROR:
        value = outcome_of(first.variables)
        return (Match.NONE if value is MISSING else Match.UNKNOWN), False
    if not evidence.differs:
        return (Match.UNKNOWN if change.keeps_value else Match.ANOTHER), False
    value = outcome_of(first.variables)
    if value is MISSING:
        named = context.named
        assert isinstance(named, (ast.expr, ast.stmt))
        known = context.outcome(named, first.variables) is not MISSING
        return (Match.NONE if known else Match.UNKNOWN), False
    outcome = _compared(value, first, evidence.fault)
    if outcome is Match.NONE and change.keeps_value:
        return Match.UNKNOWN, False
    if outcome in (Match.ALWAYS, Match.RELATED):
        return _over_turns(outcome_of, context, outcome), _is_telling(first.octave)
    return outcome, False


Evaluation = Callable[[Mapping[str, Any]], Any]


def _evaluation(change: Change, context: Context) -> Evaluation | None:
    """Return what gives the value of the place with a change; None for a change elsewhere."""
    if change.new is not None:
        whole = context.changed(change.old, change.new)
        return None if whole is None else lambda known: context.outcome(whole, known)
    if change.old is not context.evidence.statement or change.where is Where.AFTER:
        return None
    body = ast.parse(change.lines).body
    if change.where is Where.IN_PLACE:
        if context.evidence.expression is not None or len(body) != 1:
            return None
        return lambda known: context.outcome(body[0], known)
    named = context.evidence.expression
    return None if named is None else lambda known: _evaluated_after(body, named, context, known)


def _evaluated_after(
    body: Sequence[ast.stmt], named: ast.expr, context: Context, known: Mapping[str, Any]
) -> Any:
    names = context.executed(body, known)
    if names is None:
        return MISSING
    changed = {name: names[name] for one in body for name in bound_names(one) if name in names}
    return context.evaluated(named, {**known, **changed})


def _over_turns(outcome_of: Evaluation, context: Context, outcome: Match) -> Match:
    """Look at the other turns: those before the first that differs must agree, too."""
    passed = False
    for turn in context.evidence.turns:
        if turn is context.evidence.first:
            passed = True
            continue
        value = outcome_of(turn.variables)
        found = _compared(value, turn, context.evidence.fault, may_be_own=True)
        if found > outcome:
            if not passed:
                return Match.ANOTHER
            return max(outcome, Match.FIRST)
    return outcome


def _compared(value: Any, turn: Turn, fault: Fault, may_be_own: bool = False) -> Match:
    """Say how a value stands to Octave's."""
    if value is MISSING:
        return Match.NONE
    if not may_be_own and is_same(value, turn.own):
        return Match.NONE
    if fault is Fault.DECISION:
        return _compared_truth(value, turn)
    if _is_truth(value) and np.size(turn.own) == 1 and not _is_truth(turn.own):
        return Match.ANOTHER  # a number is no condition
    if is_same(value, turn.octave):
        return Match.ALWAYS
    if isinstance(value, tuple):
        if any(is_same(item, turn.octave) for item in value):
            return Match.RELATED
        return Match.UNKNOWN
    return Match.RELATED if _is_related(value, turn.octave) else Match.ANOTHER


def _is_truth(value: Any) -> bool:
    return isinstance(value, (bool, np.bool_)) or (
        isinstance(value, np.ndarray) and value.dtype.kind == "b"
    )


def _compared_truth(value: Any, turn: Turn) -> Match:
    try:
        same = bool(value) == bool(turn.octave)
    except (ValueError, TypeError):
        return Match.NONE
    return Match.ALWAYS if same else Match.ANOTHER


def is_same(value: Any, other: Any) -> bool:
    """Whether two values are the same but for class, dimensions of 1 and rounding."""
    if isinstance(value, str) or isinstance(other, str):
        return isinstance(value, str) and isinstance(other, str) and value == other
    if type(value).__name__ in ("function", "type", "module"):
        return False
    one, two = numbers(value), numbers(other)
    if one is None or two is None:
        return False
    if max(len(one.shape), len(two.shape)) > 1 and one.shape != two.shape:
        return False
    return same_numbers(one.flat, two.flat)


def _is_related(value: Any, other: Any) -> bool:
    one, two = numbers(value), numbers(other)
    if one is None or two is None or one.flat.size != two.flat.size or not one.flat.size:
        return False
    if len(one.shape) == 2 and one.shape == two.shape[::-1]:
        rows = one.rows if one.rows is not None else one.flat
        if same_numbers(rows, two.flat):
            return True
    whole = np.isrealobj(one.flat) and np.isrealobj(two.flat)
    whole = whole and np.array_equal(one.flat, np.round(one.flat))
    return bool(whole and np.array_equal(one.flat + 1, two.flat))


MANY = 8
"""Elements from which on a mask tells something."""


def _is_telling(value: Any) -> bool:
    """Whether no changed expression has a value by chance."""
    if isinstance(value, str):
        return len(value) > 1
    found = numbers(value)
    if found is None:
        return False
    different = len(np.unique(found.flat[:1000]))
    return is_telling(found.flat) or (found.flat.size >= MANY and different > 1)
