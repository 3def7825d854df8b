"""Octave's own counterpart, translated.

May import `assigned`, `change`, `context`, `dialects`, `translating`, `without_numpy`, `project`,
`sides` and `sources`.
"""

import ast
import builtins
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import chain
from types import FunctionType

import numpy as np

from lockstep.explain.assigned import assignments, targets
from lockstep.explain.changes.change import Change, Where
from lockstep.explain.changes.context import Context, called
from lockstep.explain.changes.without_numpy import without_numpy
from lockstep.explain.dialects import Surroundings
from lockstep.explain.top import bound_at_the_top
from lockstep.explain.translating import (
    UntranslatableError,
    indices,
    statements,
    translations,
)
from lockstep.project.m_files import spelling
from lockstep.sides.keeping import fields_of
from lockstep.sources.python_names import bound_names

ORDER = 40
KEYS = (
    "missing-statement",
    "translation",
)

_ASSIGNMENT = re.compile(r"[\w.(){},: ]+=(?!=)")
_COMPARISON = re.compile(r"[<>]|[=~!]=")

MOST_MISSING = 8
"""Statements of Octave that are tried before a statement of the port."""

SHOWN = 60
"""Characters of an expression that a rule shows."""


def counterpart(node: ast.AST, context: Context) -> Iterator[Change]:
    """Put Octave's expression, or its statement's right side, in the place of the port's."""
    for text in dict.fromkeys(side for side in _sides(node, context) if side):
        assert isinstance(node, ast.expr)
        yield from _translated(node, text, context)


def _translated(node: ast.expr, text: str, context: Context) -> Iterator[Change]:
    """Put an expression of Octave's in the place of one of the port's."""
    octave, python = f"Octave has {cut(text)} here.", f"The port has {cut(ast.unparse(node))}."
    for tree in chain(translated(text, context), _as_indices(node, text, context)):
        new = as_integer(tree, node, context)
        if ast.dump(new) != ast.dump(node):
            yield Change("translation", node, new, octave, python, is_guess=True)


def translated(
    text: str, context: Context, make: Callable[..., list[str]] = translations
) -> list[ast.expr]:
    """Translate an expression of Octave's in each way that it may be meant; nothing for none."""
    unbound, names = _unbound(context), dict[str, list[str]]()
    for name, every in names_at(context).items():
        if own := [one for one in every if one.partition(".")[0] not in unbound]:
            names[name] = own
    try:
        found = make(text, names, context.np or "np", around(context))
    except UntranslatableError:
        return []
    return list(parsed(found if context.np else without_numpy(found, context.globals)))


def _unbound(context: Context) -> set[str]:
    """Name the variables that have no value before the statement gives them one."""
    first = context.evidence.first
    known = set() if first is None else set(first.variables)
    return set(bound_names(context.evidence.statement)) - known if known else set()


def _as_indices(node: ast.expr, text: str, context: Context) -> list[ast.expr]:
    """Translate what counts from 1 where the port has whole numbers, which count from 0."""
    value = context.value(node)
    is_whole = isinstance(value, np.ndarray) and value.dtype.kind in "iu"
    return translated(text, context, indices) if is_whole else []


def _sides(node: ast.AST, context: Context) -> list[str]:
    """List what Octave may have in the place of an expression."""
    evidence = context.evidence
    named, octave = evidence.expression, evidence.octave_expression
    if named is None:
        return []
    top = bound_at_the_top(evidence.tree)
    if isinstance(named, ast.Name) and named.id in top:
        named = top[named.id]  # what is read elsewhere, too
    whole = evidence.octave_statement
    assigned = whole.partition("=")[2].strip(" ;") if _ASSIGNMENT.match(whole) else ""
    if node is named:
        return [octave, assigned]
    if node is getattr(evidence.statement, "value", None) and _is_integer(node, context):
        return [assigned]  # a count that is rounded last
    holds = isinstance(node, ast.Compare) and any(one is named for one in ast.walk(node))
    return [octave] if holds and _COMPARISON.search(octave) else []


def _is_integer(node: ast.AST, context: Context) -> bool:
    return isinstance(node, ast.expr) and isinstance(context.value(node), (int, np.integer))


def as_integer(new: ast.expr, old: ast.expr, context: Context) -> ast.expr:
    """Make a whole number an integer where the port has one: else it is no index and no count."""
    value = context.value(new)
    if _is_integer(old, context) and isinstance(value, (float, np.floating)):
        return context.make("int(X)", X=new) if value.is_integer() else new
    return new


def whole_statement(node: ast.AST, context: Context) -> Iterator[Change]:
    """Put what Octave assigns to a part of a variable in the place of what the port does."""
    evidence = context.evidence
    if node is not evidence.statement or evidence.expression is not None:
        return
    if not isinstance(node, ast.Assign) or len(node.targets) != 1:
        return
    if not _ASSIGNMENT.match(evidence.octave_statement):
        return
    octave = evidence.octave_statement.partition("=")[2].strip(" ;")
    yield from _translated(node.value, octave, context)


def missing(node: ast.AST, context: Context) -> Iterator[Change]:
    """Put before a statement what Octave does before it."""
    evidence, first = context.evidence, context.evidence.first
    if node is not evidence.statement:
        return
    read = {n.id for n in ast.walk(evidence.expression or node) if isinstance(n, ast.Name)}
    known = {
        name: [one for one in found if one in read] or list(found)
        for name, found in names_at(context).items()
    }
    own = set(bound_names(node)) if isinstance(node, ast.stmt) else set()
    stands_for = any(own & set(known.get(n, [])[:1]) for n in targets(evidence.octave_statement))
    sides = [] if stands_for else [evidence.octave_statement]
    is_named = first is None or first.own is not None or first.octave is not None
    whole = evidence.octave_function if is_named else ""  # else `lacking` looks where it belongs
    lacking = bound_less_often(context, known, whole)
    for name, text in _assignments_before(whole, evidence.octave_statement):
        if name in lacking and read.intersection(known.get(name, [])[:1]):
            sides.append(text)
    for text in list(dict.fromkeys(filter(None, sides)))[:MOST_MISSING]:
        try:
            found = statements(text, known, context.np or "np", around(context))
        except UntranslatableError:
            continue
        octave, python = f"Octave does {cut(text)} before this.", "The port has no such statement."
        for tree in filter(None, map(_statement, found)):
            yield Change(
                "missing-statement", node, None, octave, python, lines=ast.unparse(tree),
                where=Where.BEFORE,
            )  # fmt: skip


def _assignments_before(octave: str, counterpart: str) -> list[tuple[str, str]]:
    """List what Octave binds, the last before the counterpart first; what comes after it last."""
    place = octave.find(counterpart) if counterpart else -1
    place = len(octave) if place < 0 else place
    found = sorted(assignments(octave), key=lambda one: (one[2] >= place, abs(place - one[2])))
    return [(name, text) for name, text, _ in found]


def bound_less_often(context: Context, known: Mapping[str, Sequence[str]], text: str) -> set[str]:
    """Name the variables of a file of Octave that are given values at more places than in the port.

    Where a variable is given a constant to begin with does not count if Octave does so less often,
    nor does where an argument is brought into another form.
    """
    octave = Counter(targets(text))
    plain = Counter(name for name, one, _ in assignments(text) if _CONSTANT.match(one))
    own, own_plain = Counter[str](), Counter[str]()
    for one in ast.walk(context.evidence.function):
        if isinstance(one, ast.stmt) and not _is_conversion(one):
            own.update(bound_names(one))
            own_plain.update(bound_names(one) if _is_constant(one) else ())
    found = set()
    for name, count in octave.items():
        mine = next(iter(known.get(name, [])), "")
        if count > own[mine] or count - plain[name] > own[mine] - own_plain[mine]:
            found.add(name)
    return found


_CONSTANT = re.compile(r"\w+ *= *[-+]?[\d.]+$")

_CONVERSIONS = frozenset(
    [
        "asarray", "array", "asanyarray", "atleast_1d", "atleast_2d", "float", "int", "ravel",
        "flatten", "reshape", "squeeze", "astype", "copy", "list", "str",
    ]
)  # fmt: skip


def _is_constant(node: ast.stmt) -> bool:
    return isinstance(node, ast.Assign) and isinstance(node.value, (ast.Constant, ast.UnaryOp))


def _is_conversion(node: ast.stmt) -> bool:
    """Whether a statement brings a variable into another form and does nothing else."""
    if not (isinstance(node, ast.Assign) and len(node.targets) == 1):
        return False
    target, value = node.targets[0], node.value
    while isinstance(value, ast.Call) and called(value) in _CONVERSIONS:
        if value.args:
            value = value.args[0]
        elif isinstance(value.func, ast.Attribute):
            value = value.func.value
        else:
            break
    return isinstance(target, ast.Name) and isinstance(value, ast.Name) and value.id == target.id


def names_at(context: Context) -> Mapping[str, Sequence[str]]:
    """Say which variables of the port may stand for which of Octave: by value, or by name.

    Of several that have the values the one of the same name goes first; so does a name that the
    function uses and that nothing has bound, as where a statement is lost. A variable of the same
    name that has other values comes second: perhaps it is filled in another way.
    """
    first = context.evidence.first
    bound = set(first.variables) if first is not None else set()
    used = {n.id for n in ast.walk(context.evidence.function) if isinstance(n, ast.Name)}
    used -= {*context.globals, *vars(builtins)} - bound
    own = used | bound
    by_spelling = {spelling(name): name for name in sorted(own)}
    found: dict[str, list[str]] = {}
    for octave, every in context.evidence.names.items():
        others = _in_reach(every, own, context) or every
        alike = octave if octave in own else by_spelling.get(spelling(octave), "")
        sure = [alike] if alike in others or alike not in bound else []
        rest = [one for one in others if one != alike]
        unsure = [alike] if alike and not sure else []
        found[octave] = [*filter(None, sure), *rest[:1], *unsure, *rest[1:]]
    for name in (*bound, *used):
        for spelt in (name, name.replace("_", ""), name.upper(), name.capitalize()):
            found.setdefault(spelt, []).append(name)
    return found


def _in_reach(names: Sequence[str], own: set[str], context: Context) -> list[str]:
    """Leave out variables of other functions, unless an object has kept them by their name."""
    first, found = context.evidence.first, list[str]()
    objects = {} if first is None else first.variables
    for name in names:
        if name.partition(".")[0] in own or name in context.globals:
            found.append(name)
        else:
            kept = (own for own, value in objects.items() if name in (fields_of(value) or ()))
            found += (f"{one}.{name}" for one in kept)
    return list(dict.fromkeys(found))


def around(context: Context) -> Surroundings:
    """Gather the port's own functions, and the text of Octave's."""
    functions = {
        spelling(name): name
        for name, found in context.globals.items()
        if isinstance(found, FunctionType)
    }
    evidence = context.evidence
    known = {} if evidence.first is None else evidence.first.variables
    lists = frozenset(name for name, value in known.items() if isinstance(value, list))
    floats = frozenset(n for n, value in known.items() if isinstance(value, (float, np.floating)))
    return Surroundings(functions, evidence.octave_function, evidence.less_one, lists, floats)


def parsed(texts: Sequence[str]) -> Iterator[ast.expr]:
    """Parse expressions; what cannot be is left out."""
    for text in texts:
        with suppress(SyntaxError):
            yield ast.parse(text, mode="eval").body


def _statement(text: str) -> ast.stmt | None:
    try:
        body = ast.parse(text).body
    except SyntaxError:
        return None
    return body[0] if len(body) == 1 else None


def cut(text: str) -> str:
    """Write a piece of source in one line, cut to what a rule shows of it."""
    text = " ".join(text.split()).rstrip(";")
    return text if len(text) <= SHOWN else text[: SHOWN - 3] + "..."


CHANGES = (counterpart, whole_statement, missing)
