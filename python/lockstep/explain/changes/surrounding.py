"""What Octave has around something that the port has alone: a factor, a sign, a function of it.

May import `change`, `context`, `translating` and `translation`.
"""

import ast
from collections.abc import Iterator, Sequence

from lockstep.explain.changes.change import Change
from lockstep.explain.changes.context import Context, subexpressions
from lockstep.explain.changes.translation import around, cut, names_at, parsed
from lockstep.explain.translating import UntranslatableError, parts, translations

ORDER = 32
KEYS = ("lost-term",)

MOST_PARTS = 40
"""Parts of Octave's expression that are looked at."""


def lost_around(node: ast.AST, context: Context) -> Iterator[Change]:
    """Write what the counterpart of a statement has around what the port has alone."""
    evidence = context.evidence
    octave = evidence.octave_expression or evidence.octave_statement
    if node is not evidence.statement or not octave:
        return
    try:
        found = parts(octave.partition("=")[2] if _is_assignment(octave) else octave)
    except UntranslatableError:
        return
    for text in found[:MOST_PARTS]:
        yield from put_around(evidence.statement, text, _translated(text, context))


def _is_assignment(text: str) -> bool:
    left, sign, right = text.partition("=")
    return bool(sign) and left[-1:] not in "<>~!=" and right[:1] != "="


def _translated(text: str, context: Context) -> list[ast.expr]:
    try:
        found = translations(text, names_at(context), context.np or "np", around(context))
    except UntranslatableError:
        return []
    return list(parsed(found))


def put_around(statement: ast.stmt, octave: str, ways: Sequence[ast.expr]) -> Iterator[Change]:
    """Put an expression of Octave's in the place of each part of a statement that is a part of it.

    Parameters
    ----------
    statement : ast.stmt
        The port's.
    octave : str
        Octave's expression.
    ways : sequence of ast.expr
        What it may be in the port.
    """
    own = [
        node
        for child in ast.iter_child_nodes(statement)
        if isinstance(child, ast.expr)
        for node in subexpressions(child)
        if isinstance(node, ast.expr) and not isinstance(getattr(node, "ctx", None), ast.Store)
    ]
    present = {ast.dump(node) for node in own}
    for new in ways:
        if ast.dump(new) in present:
            continue
        inner = {ast.dump(one) for one in ast.walk(new) if one is not new}
        for node in own:
            if ast.dump(node) in inner and not isinstance(node, ast.Constant):
                python = f"The port has {cut(ast.unparse(node))} alone."
                yield Change("lost-term", node, new, f"Octave has {cut(octave)} here.", python)


CHANGES = (lost_around,)
