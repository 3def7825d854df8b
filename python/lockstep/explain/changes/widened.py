"""A number for all elements where Octave has one for each.

May import `change` and `context`.
"""

import ast
from collections.abc import Iterator
from typing import Any

import numpy as np

from lockstep.explain.changes.change import Change
from lockstep.explain.changes.context import Context, constant

ORDER = 31
KEYS = ("broadcast",)

MOST_SHAPES = 4
"""Shapes that a number is widened to."""


def widened(node: ast.AST, context: Context) -> Iterator[Change]:
    """Give what is bound to a variable the shape of another variable."""
    if not isinstance(node, ast.expr) or not isinstance(context.parent(node), ast.Assign):
        return
    value, first = context.value(node), context.evidence.first
    if first is None or first.octave is not None or not context.np or not _is_one(value):
        return
    shapes: dict[tuple[int, ...], str] = {}
    for name, other in first.variables.items():
        if isinstance(other, np.ndarray) and other.size > 1:
            shapes.setdefault(other.shape, name)
    for name in list(shapes.values())[:MOST_SHAPES]:
        new = context.make("np.full(np.shape(Y), X)", X=node, Y=ast.Name(name, ast.Load()))
        octave = f"Octave has a number for each element of {name}."
        python = "The port has one number for all of them."
        yield Change("broadcast", node, new, octave, python, is_guess=True, keeps_value=True)


def each_step(node: ast.AST, context: Context) -> Iterator[Change]:
    """Take all differences of a vector where the port takes that of two neighbours for all."""
    if not (isinstance(node, ast.BinOp) and isinstance(node.op, ast.Sub) and context.np):
        return
    sides = node.left, node.right
    places = [constant(one.slice) for one in sides if isinstance(one, ast.Subscript)]
    wholes = {ast.dump(one.value): one.value for one in sides if isinstance(one, ast.Subscript)}
    if len(places) != len(sides) or len(wholes) != 1 or not all(type(k) is int for k in places):
        return
    (whole,) = wholes.values()
    vector = context.array(whole)
    if vector is None or vector.ndim != 1 or places[0] - places[1] != 1:
        return
    octave, python = "Octave takes each step.", "The port takes one step for all."
    yield Change("broadcast", node, context.make("np.diff(X)", X=whole), octave, python)


def _is_one(value: Any) -> bool:
    if isinstance(value, np.ndarray):
        return value.size == 1 and value.dtype.kind in "biufc"
    return isinstance(value, (int, float, complex, np.number)) and not isinstance(value, bool)


CHANGES = (widened, each_step)
