"""What fulfils a condition: the first of what is not sorted, and how many there are.

May import `change` and `context`.
"""

import ast
from collections.abc import Iterator

import numpy as np

from lockstep.explain.changes.change import Change
from lockstep.explain.changes.context import Context, called, constant, keyword

ORDER = 14
KEYS = ("empty-condition", "unsorted")

_SEARCHING = ("searchsorted", "bisect", "bisect_left", "bisect_right")


def first_of_unsorted(node: ast.AST, context: Context) -> Iterator[Change]:
    """Look at each element where a bisection takes the array for sorted."""
    if not isinstance(node, ast.Call) or called(node) not in _SEARCHING or not context.np:
        return
    parts = list(node.args)
    is_method = called(node) == "searchsorted" and len(parts) == 1
    if is_method and isinstance(node.func, ast.Attribute):
        parts.insert(0, node.func.value)
    if len(parts) != 2:
        return
    array, wanted = parts
    value = context.array(array)
    if value is None or value.ndim != 1 or np.array_equal(value, np.sort(value), equal_nan=False):
        return
    side = constant(keyword(node, "side"))
    is_after = side == "right" or called(node) in ("bisect", "bisect_right")
    octave = "find (x >= y, 1) looks at one element after the other."
    python = f"{called(node)} takes the elements for sorted, which they are not."
    for operator in (">", ">=") if is_after else (">=", ">"):
        new = context.make(f"np.argmax(X {operator} Y)", X=array, Y=wanted)
        yield Change("unsorted", node, new, octave, python)


def counted(node: ast.AST, context: Context) -> Iterator[Change]:
    """Count the places that ``where`` gives, not the dimensions."""
    inner = node.args[0] if isinstance(node, ast.Call) and node.args else None
    if not isinstance(inner, ast.Call) or called(inner) not in ("where", "nonzero"):
        return
    is_counted = called(node) in ("len", "size")
    if is_counted and isinstance(node, ast.Call) and len(inner.args) <= 1:
        first = ast.Subscript(inner, ast.Constant(0), ast.Load())
        octave = "numel (find (x)) counts the elements that are not 0."
        python = f"{called(inner)} gives an array for each dimension: these are counted here."
        yield Change("empty-condition", node, ast.Call(node.func, [first], []), octave, python)


CHANGES = (counted, first_of_unsorted)
