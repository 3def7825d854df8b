"""Lists, and lists in a list: two elements exchanged. May import `change`, `context`."""

import ast
from collections.abc import Iterator, Mapping
from itertools import combinations, pairwise

from lockstep.explain.changes.change import Change
from lockstep.explain.changes.context import Context

ORDER = 31
KEYS = ("operand-order",)

MOST = 6
"""Elements among which any two are exchanged."""


def exchanged_elements(node: ast.AST, context: Context) -> Iterator[Change]:
    """Exchange two elements of different lists in a list: which bounds belong together."""
    if not isinstance(node, (ast.List, ast.Tuple)) or isinstance(context.parent(node), _LISTS):
        return
    inner = [one for one in node.elts if isinstance(one, _LISTS)]
    elements = [(one, place) for place, each in enumerate(inner) for one in each.elts]
    if len(inner) != len(node.elts) or len(inner) < 2 or len(elements) > MOST:
        return
    for (one, place), (other, there) in combinations(elements, 2):
        if place != there and ast.dump(one) != ast.dump(other):
            new = _with(node, {id(one): other, id(other): one})
            octave = f"Octave has {ast.unparse(other)} and {ast.unparse(one)} the other way round."
            python = f"The port has {ast.unparse(one)} before {ast.unparse(other)}."
            yield Change("operand-order", node, new, octave, python, is_guess=True)


def neighbours(node: ast.AST, context: Context) -> Iterator[Change]:
    """Exchange two elements of a list that follow each other: columns, sizes, limits."""
    if not isinstance(node, _LISTS) or not isinstance(node.ctx, ast.Load) or len(node.elts) > MOST:
        return
    for place, (one, other) in enumerate(pairwise(node.elts)):
        if ast.dump(one) != ast.dump(other):
            new = type(node)([*node.elts[:place], other, one, *node.elts[place + 2 :]], ast.Load())
            octave = f"Octave has {ast.unparse(other)} before {ast.unparse(one)}."
            python = f"The port has {ast.unparse(one)} first."
            yield Change("operand-order", node, new, octave, python, is_guess=True)


def _with(node: ast.expr, others: Mapping[int, ast.expr]) -> ast.expr:
    """Copy lists of elements with some of these exchanged."""
    if not isinstance(node, (ast.List, ast.Tuple)):
        return others.get(id(node), node)
    return type(node)([_with(one, others) for one in node.elts], ast.Load())


_LISTS = (ast.List, ast.Tuple)

CHANGES = (exchanged_elements, neighbours)
