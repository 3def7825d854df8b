"""The order of elements, their ranks, which is the inverse of it, and the first of many.

May import `change` and `context`.
"""

import ast
from collections.abc import Iterator

import numpy as np

from lockstep.explain.changes.change import Change
from lockstep.explain.changes.context import Context, called, constant

ORDER = 12
KEYS = ("complex-order", "first-or-last", "lost-function")


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


def complex_order(node: ast.AST, context: Context) -> Iterator[Change]:
    """Put complex numbers in order by their size, and those of one size by their angle."""
    if called(node) not in ("argsort", "sort", "sorted") or not isinstance(node, ast.Call):
        return
    arguments = context.arguments(node)
    array = context.array(arguments[0]) if arguments and context.np else None
    if array is None or array.ndim != 1 or array.dtype.kind != "c":
        return
    order = context.make("np.lexsort((np.angle(X), np.abs(X)))", X=arguments[0])
    taken = ast.Subscript(arguments[0], order, ast.Load())
    octave = "Octave's sort puts complex numbers in the order of abs, then of angle."
    python = f"{called(node)} takes the real parts first, then the imaginary ones."
    yield Change(
        "complex-order", node, order if called(node) == "argsort" else taken, octave, python
    )


def first_found(node: ast.AST, context: Context) -> Iterator[Change]:
    """Take the first of the places at which something holds, not all of them."""
    finds = node
    if isinstance(node, ast.Subscript) and constant(node.slice) == 0:
        finds = node.value
    if called(finds) not in ("argwhere", "flatnonzero", "nonzero", "where"):
        return
    assert isinstance(node, ast.expr)
    places = context.array(node)
    if places is None or places.size < 2:
        return
    octave = "Octave asks for the first of the places alone."
    for template in ("X[:1]", "X[0]"):
        new = context.make(template, X=node)
        yield Change("first-or-last", node, new, octave, "These are all of them.")


CHANGES = (ranks, inverses, complex_order, first_found)
