"""The order of elements, and their ranks, which is the inverse of it.

May import `change` and `context`.
"""

import ast
from collections.abc import Iterator

import numpy as np

from lockstep.explain.changes.change import Change
from lockstep.explain.changes.context import Context, called

ORDER = 12
KEYS = ("lost-function",)


def ranks(node: ast.AST, context: Context) -> Iterator[Change]:
    """Take the rank of each element for the order of the elements."""
    if called(node) == "argsort" and isinstance(node, ast.Call) and context.np:
        new = context.make("np.argsort(X)", X=node)
        octave = "Octave has the rank of each element: y(k) = 1:n with the order k."
        python = "argsort gives the order; argsort of that gives the ranks."
        yield Change("lost-function", node, new, octave, python)


def inverses(node: ast.AST, context: Context) -> Iterator[Change]:
    """Take from the places of an order what is to be put there, or the other way round."""
    if not isinstance(node, ast.Subscript) or not context.np:
        return
    order = context.array(node.slice)
    if order is None or order.ndim != 1 or order.dtype.kind not in "iu":
        return
    inverse = np.argsort(order)
    if np.array_equal(np.sort(order), np.arange(order.size)) and not np.array_equal(order, inverse):
        new = context.make("np.argsort(X)", X=node.slice)
        octave = "y(order) = x puts x in order; x(order) takes it from there."
        python = "The port does the other of the two."
        yield Change("lost-function", node.slice, new, octave, python)


CHANGES = (ranks, inverses)
