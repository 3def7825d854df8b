"""A part of Octave's condition that the port's lacks.

May import `change`, `context`, `translating` and `translation`.
"""

import ast
from collections.abc import Iterator, Mapping, Sequence

from lockstep.explain.changes.change import Change
from lockstep.explain.changes.context import Context
from lockstep.explain.changes.translation import cut, translated
from lockstep.explain.translating import UntranslatableError, operands

ORDER = 35
KEYS = ("condition",)


def lost_parts(node: ast.AST, context: Context) -> Iterator[Change]:
    """Add to a condition that goes the other way what its counterpart also asks."""
    evidence = context.evidence
    if node is not evidence.expression or not isinstance(node, ast.expr):
        return
    try:
        asked = operands(evidence.octave_expression)
    except UntranslatableError:
        return
    yield from joined(node, {one: translated(one, context) for one in asked})


def joined(node: ast.expr, parts: Mapping[str, Sequence[ast.expr]]) -> Iterator[Change]:
    """Join a part of Octave's condition to the port's, in each way.

    What a loop goes on for may be what ends it. Both conditions are the same but for that part
    only if the port's asks for what another part asks for.

    Parameters
    ----------
    node : ast.expr
        The port's condition.
    parts : mapping
        By what Octave has, the ways in which each part may stand in the port.
    """
    present = {ast.dump(one) for one in ast.walk(node)}
    asked = _variables(node)
    for octave, ways in parts.items():
        others = (one for text, found in parts.items() if text != octave for one in found)
        if not any(asked & _variables(one) for one in others):
            continue
        rule = f"Octave's condition also holds {cut(octave)}."
        for part in ways:
            if ast.dump(part) in present:
                continue
            for join in (ast.Or(), ast.And()):
                for new in (part, opposite(part)):
                    whole = ast.BoolOp(join, [node, new])
                    python = "The port's lacks it."
                    yield Change("condition", node, whole, rule, python, is_guess=True)


def _variables(node: ast.expr) -> set[str]:
    return {one.id for one in ast.walk(node) if isinstance(one, ast.Name)}


def opposite(condition: ast.expr) -> ast.expr:
    """Write the opposite of a condition."""
    if isinstance(condition, ast.Compare) and len(condition.ops) == 1:
        for one, other in ((ast.Eq, ast.NotEq), (ast.NotEq, ast.Eq)):  # with NaN, too
            if isinstance(condition.ops[0], one):
                return ast.Compare(condition.left, [other()], condition.comparators)
    if isinstance(condition, ast.UnaryOp) and isinstance(condition.op, ast.Not):
        return condition.operand
    return ast.UnaryOp(ast.Not(), condition)


CHANGES = (lost_parts,)
