"""Weights that stand in another column. May import `change` and `context`."""

import ast
from collections.abc import Iterator, Sequence

import numpy as np

from lockstep.explain.changes.change import Change
from lockstep.explain.changes.context import Context, called, keyword, number

ORDER = 14
KEYS = ("weights",)

MOST = 12
"""Columns beside the one that is averaged that may be the weights."""


def by_another_column(node: ast.AST, context: Context) -> Iterator[Change]:
    """Weigh a column of a matrix that is averaged by another one."""
    if called(node) not in ("mean", "average") or not isinstance(node, ast.Call) or not context.np:
        return
    given = context.arguments(node)
    if len(given) != 1 or keyword(node, "weights") is not None:
        return
    for weights in _columns(given[0], context):
        new = context.make("np.average(X, weights=Y)", X=given[0], Y=weights)
        octave = f"Octave weighs each by {ast.unparse(weights)}."
        python = f"{called(node)} gives all values the same weight."
        yield Change("weights", node, new, octave, python, is_guess=True)


def _columns(averaged: ast.expr, context: Context) -> Sequence[ast.expr]:
    """Write the other columns of the matrix that a column is taken of."""
    if not isinstance(averaged, ast.Subscript) or not isinstance(averaged.slice, ast.Tuple):
        return []
    matrix, (*rows, own) = context.array(averaged.value), averaged.slice.elts
    column = context.value(own)
    if matrix is None or matrix.ndim != 2 or not isinstance(column, (int, np.integer)):
        return []
    return [
        ast.Subscript(averaged.value, ast.Tuple([*rows, number(k)], ast.Load()), ast.Load())
        for k in range(min(MOST, matrix.shape[1]))
        if k != column
    ]


CHANGES = (by_another_column,)
