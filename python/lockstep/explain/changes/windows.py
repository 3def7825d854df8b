"""The part of an array that is filled from another part: both are one too long, or too short.

May import `change`, `context`, `indices`, `rewriting` and `sources`.
"""

import ast
from collections.abc import Iterator
from itertools import product

from lockstep.explain.changes.change import Change
from lockstep.explain.changes.context import Context
from lockstep.explain.changes.indices import shifted_by
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
            new = exchanged(node, {id(old): shifted_by(old, by) for old in bounds})
            way = "more" if by > 0 else "less"
            octave = f"Octave goes one {way} on both sides."
            python = f"The {'ends' if bound == 'upper' else 'starts'} of both slices are one off."
            key = "slice-end" if bound == "upper" else "slice-start"
            yield Change(key, node, None, octave, python, lines=ast.unparse(new))


def _slices(tree: ast.AST) -> list[ast.Slice]:
    return [one for one in ast.walk(tree) if isinstance(one, ast.Slice)]


CHANGES = (both_bounds,)
