"""The matrix of all products of two vectors, which in NumPy have no rows and columns.

May import `change` and `context`.
"""

import ast
from collections.abc import Iterator

import numpy as np

from lockstep.explain.changes.change import Change
from lockstep.explain.changes.context import Context, called

ORDER = 11
KEYS = ("outer-product",)

_PRODUCTS = ("dot", "matmul", "inner", "multiply", "vdot")


def outer_products(node: ast.AST, context: Context) -> Iterator[Change]:
    """Multiply each element of a vector with each of another."""
    operands = _operands(node)
    if len(operands) != 2 or not context.np or not isinstance(node, ast.expr):
        return
    one, other = (_bare(part) for part in operands)
    vectors = [context.value(part) for part in (one, other)]
    if all(isinstance(value, np.ndarray) and value.ndim == 1 for value in vectors):
        octave = "x * y' of two columns has all products of their elements, in rows and columns."
        python = "NumPy's vectors have no rows and columns: .T leaves one as it is, and @ adds up."
        new = context.make("np.outer(X, Y)", X=one, Y=other)
        yield Change("outer-product", node, new, octave, python)


def _operands(node: ast.AST) -> list[ast.expr]:
    if isinstance(node, ast.BinOp) and isinstance(node.op, (ast.MatMult, ast.Mult)):
        return [node.left, node.right]
    if not isinstance(node, ast.Call) or called(node) not in _PRODUCTS or node.keywords:
        return []
    owner = [node.func.value] if isinstance(node.func, ast.Attribute) else []
    return [*owner, *node.args] if len(node.args) == 1 else list(node.args)


def _bare(node: ast.expr) -> ast.expr:
    """Leave out a transpose, which does nothing to a vector."""
    is_transposed = isinstance(node, ast.Attribute) and node.attr == "T"
    return node.value if isinstance(node, ast.Attribute) and is_transposed else node


CHANGES = (outer_products,)
