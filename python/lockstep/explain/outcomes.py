"""What a changed expression gives on the inputs that were recorded, and how that stands to Octave.

May import `evidence`, `changes` and `numbers`.
"""

import ast
from collections.abc import Callable, Mapping, Sequence
from enum import IntEnum
from typing import Any

import numpy as np

from lockstep.explain.changes.change import Change, Where
from lockstep.explain.changes.context import MISSING, Context, bound_name
from lockstep.explain.changes.rewriting import substituted
from lockstep.explain.evidence import Turn
from lockstep.explain.numbers import is_telling, numbers, same_numbers
from lockstep.model.report import Fault
from lockstep.sources.python_names import bound_names


class Match(IntEnum):
    """How well a changed expression gives Octave's value; the lower the better."""

    ALWAYS = 0
    """At every turn that was looked at."""
    FIRST = 1
    """At the first turn that differs, and those before it."""
    RELATED = 2
    """The value is Octave's, transposed or less one."""
    MOSTLY = 3
    """Most elements in which the port's value is not Octave's are: the others may not matter."""
    UNKNOWN = 4
    """It could not be evaluated, or the value is not where the change shows."""
    ANOTHER = 5
    """It gives another value than Octave's."""
    NONE = 6
    """It changes nothing, or cannot be evaluated where the expression itself can."""


def match_of(change: Change, context: Context) -> tuple[Match, bool]:
    """Say how well a change gives Octave's value, and whether that is not had by chance."""
    evidence = context.evidence
    first = evidence.first
    outcome_of = _evaluation(change, context)
    if first is not None and outcome_of is None and evidence.is_sure:
        return _match_around(change, context), False
    if first is None or outcome_of is None:
        return Match.UNKNOWN, False
    if not evidence.is_sure:
        value = outcome_of(first.variables)
        useless = value is MISSING or (is_same(value, first.own) and not change.keeps_value)
        return (Match.NONE if useless else Match.UNKNOWN), False
    if evidence.fault in (Fault.ERROR, Fault.NOTHING):
        is_read = evidence.expression is None and not bound_name(evidence.statement)
        whole = change.new if is_read and change.new is not None else None
        value = context.evaluated(whole, first.variables) if whole else outcome_of(first.variables)
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
        return _over_turns(outcome_of, context, outcome), is_telling_value(first.octave)
    return outcome, False


OCTAVES = "lockstep_octaves"
"""A variable that has Octave's value of the place."""


def _match_around(change: Change, context: Context) -> Match:
    """Say whether a change of what the place is in gives what this gives with Octave's value."""
    evidence = context.evidence
    named, old, new = evidence.expression, change.old, change.new
    if named is None or new is None or not isinstance(old, ast.expr) or not evidence.differs:
        return Match.UNKNOWN
    if named is old or not any(one is named for one in ast.walk(old)):
        return Match.UNKNOWN
    wanted = substituted(old, named, ast.Name(OCTAVES, ast.Load()))
    assert isinstance(wanted, ast.expr)
    for turn in evidence.turns:
        known = turn.variables
        needed = context.evaluated(wanted, {**known, OCTAVES: turn.octave})
        if needed is MISSING:
            return Match.UNKNOWN
        around = Turn(context.evaluated(old, known), needed, known)
        changed = context.evaluated(new, known)
        if _compared(changed, around, Fault.VALUE, may_be_own=True) is not Match.ALWAYS:
            return Match.UNKNOWN
    return Match.ALWAYS


Evaluation = Callable[[Mapping[str, Any]], Any]


def _evaluation(change: Change, context: Context) -> Evaluation | None:
    """Return what gives the value of the place with a change; None for a change elsewhere."""
    if change.new is not None:
        whole = context.changed(change.old, change.new)
        return None if whole is None else lambda known: context.outcome(whole, known)
    if change.old is not context.evidence.statement or change.where is Where.AFTER:
        return None
    try:
        body = ast.parse(change.lines).body
    except SyntaxError:
        return None
    if change.where is Where.IN_PLACE and not body:
        name = bound_name(context.evidence.statement)
        return lambda known: known.get(name, MISSING)  # as it was before the statement
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
    if _is_truth(value) and _is_single(turn.own) and not _is_truth(turn.own):
        return Match.ANOTHER  # a number is no condition
    if is_same(value, turn.octave):
        return Match.ALWAYS
    if isinstance(value, tuple):
        if any(is_same(item, turn.octave) for item in value):
            return Match.RELATED
        return Match.UNKNOWN
    if _is_related(value, turn.octave):
        return Match.RELATED
    return Match.MOSTLY if _is_mostly_same(value, turn) else Match.ANOTHER


def _is_single(value: Any) -> bool:
    """Whether a value is one number; a list may hold arrays of several sizes."""
    found = numbers(value)
    return found is not None and found.flat.size == 1


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
    if _items(value) != _items(other) and -1 not in (_items(value), _items(other)):
        return False  # an empty text has no numbers, and is an item all the same
    one, two = numbers(value), numbers(other)
    if one is None or two is None:
        return False
    if max(len(one.shape), len(two.shape)) > 1 and one.shape != two.shape:
        return False
    return same_numbers(one.flat, two.flat)


def _is_mostly_same(value: Any, turn: Turn) -> bool:
    """Whether most elements that are not Octave's in the port are so in a value."""
    own, octave, new = numbers(turn.own), numbers(turn.octave), numbers(value)
    if own is None or octave is None or new is None or not isinstance(value, np.ndarray):
        return False
    if not own.flat.size == octave.flat.size == new.flat.size >= LEAST:
        return False
    wrong = ~_are_close(own.flat, octave.flat)
    mended = wrong & _are_close(new.flat, octave.flat)
    return bool(2 * mended.sum() > wrong.sum() > 0 and mended.sum() >= LEAST)


def _are_close(one: np.ndarray[Any, Any], other: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    with np.errstate(all="ignore"):
        return np.asarray(np.isclose(one, other, rtol=1e-9, atol=0.0, equal_nan=True))


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


LEAST = 3
"""Elements that are not had by chance."""

MANY = 8
"""Elements from which on a mask tells something."""


def is_telling_value(value: Any) -> bool:
    """Whether no changed expression has a value by chance."""
    if isinstance(value, str):
        return len(value) > 1
    found = numbers(value)
    if found is None:
        return False
    different = len(np.unique(found.flat[:1000]))
    return is_telling(found.flat) or (found.flat.size >= MANY and different > 1)


def _items(value: Any) -> int:
    """Count the items of a list or cell; -1 for what is neither."""
    if isinstance(value, np.ndarray) and value.dtype == object:
        return value.size
    return len(value) if isinstance(value, (list, tuple)) else -1
