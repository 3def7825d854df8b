"""The part of an array that is filled from another part: both are one too long, or too short.

May import `change`, `context`, `rewriting` and `sources`.
"""

import ast
from collections.abc import Iterator
from itertools import product

from lockstep.explain.changes.change import Change
from lockstep.explain.changes.context import Context
from lockstep.explain.changes.rewriting import exchanged
from lockstep.sources.python_names import targets_of

ORDER = 11
KEYS = ("slice-end", "slice-start")

MOST_PAIRS = 6
"""Pairs of slices, one that is filled and one that is read."""


def both_bounds(node: ast.AST, context: Context) -> Iterator[Change]:
    """Move the bound of what is assigned to, and that of what is read, by one."""
    if not isinstance(node, (ast.Assign, ast.AugAssign)):
        return
    filled = [one for target in targets_of(node) for one in _slices(target)]
    pairs = list(product(filled, _slices(node.value)))[:MOST_PAIRS]
    for (one, other), bound in product(pairs, ("upper", "lower")):
        bounds = getattr(one, bound), getattr(other, bound)
        for by in (1, -1) if None not in bounds else ():
            new = exchanged(node, {id(old): _moved(old, by) for old in bounds})
            way = "more" if by > 0 else "less"
            octave = f"Octave goes one {way} on both sides."
            python = f"The {'ends' if bound == 'upper' else 'starts'} of both slices are one off."
            key = "slice-end" if bound == "upper" else "slice-start"
            yield Change(key, node, None, octave, python, lines=ast.unparse(new))


def _slices(tree: ast.AST) -> list[ast.Slice]:
    return [one for one in ast.walk(tree) if isinstance(one, ast.Slice)]


def _moved(bound: ast.expr, by: int) -> ast.expr:
    """Write a bound that is moved: into its own number, where it has one."""
    if isinstance(bound, ast.Constant) and isinstance(bound.value, int):
        return ast.Constant(bound.value + by)
    if isinstance(bound, ast.BinOp) and isinstance(bound.op, (ast.Add, ast.Sub)):
        last = bound.right
        if isinstance(last, ast.Constant) and isinstance(last.value, int):
            number = last.value if isinstance(bound.op, ast.Add) else -last.value
            return _plus(bound.left, number + by)
    return _plus(bound, by)


def _plus(base: ast.expr, number: int) -> ast.expr:
    if number == 0:
        return base
    operator = ast.Add() if number > 0 else ast.Sub()
    return ast.BinOp(base, operator, ast.Constant(abs(number)))


CHANGES = (both_bounds,)
