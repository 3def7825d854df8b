"""A number that Octave's operators widen, and NumPy's functions take as it is.

May import `change` and `context`.
"""

import ast
from collections.abc import Iterator
from typing import Any

import numpy as np

from lockstep.explain.changes.change import Change
from lockstep.explain.changes.context import Context

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


def _is_one(value: Any) -> bool:
    if isinstance(value, np.ndarray):
        return value.size == 1 and value.dtype.kind in "biufc"
    return isinstance(value, (int, float, complex, np.number)) and not isinstance(value, bool)


CHANGES = (widened,)
