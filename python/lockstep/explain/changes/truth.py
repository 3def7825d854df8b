"""What is true: elements, not that there are any; numbers that are not 0, not their bits.

May import `change` and `context`.
"""

import ast
from collections.abc import Iterator

import numpy as np

from lockstep.explain.changes.change import Change
from lockstep.explain.changes.context import Context, called

ORDER = 24
KEYS = ("and-or", "empty-condition")


def asked(node: ast.AST, context: Context) -> Iterator[Change]:
    """Ask for true elements in place of elements."""
    if not isinstance(node, (ast.If, ast.While, ast.IfExp)) or not context.np:
        return
    for part in _conditions(node.test):
        array = _counted(part)
        if array is not None and isinstance(context.value(array), (np.ndarray, list, tuple)):
            for name, how_many in (("any", "one"), ("all", "each")):
                octave = f"Octave asks whether {how_many} of the elements is true."
                new = context.make(f"np.{name}(X)", X=array)
                yield Change(
                    "empty-condition", part, new, octave, "The port asks whether there are any."
                )


def _conditions(test: ast.expr) -> Iterator[ast.expr]:
    """Yield a condition, or those that it is made of."""
    if isinstance(test, ast.BoolOp):
        for one in test.values:
            yield from _conditions(one)
    elif isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        yield from _conditions(test.operand)
    else:
        yield test


def _counted(part: ast.expr) -> ast.expr | None:
    """Return the array whose elements a condition counts; None where it asks something else."""
    if isinstance(part, ast.Compare) and len(part.ops) == 1:
        least = part.comparators[0]
        is_zero = isinstance(least, ast.Constant) and least.value == 0
        is_more = isinstance(part.ops[0], (ast.Gt, ast.NotEq))
        return _counted(part.left) if is_zero and is_more else None
    if isinstance(part, ast.Attribute) and part.attr == "size":
        return part.value
    is_count = isinstance(part, ast.Call) and called(part) in ("len", "size")
    return part.args[0] if isinstance(part, ast.Call) and is_count and part.args else None


def joined_numbers(node: ast.AST, context: Context) -> Iterator[Change]:
    """Ask of each number whether it is none, where ``&`` or ``|`` would join its bits."""
    if not isinstance(node, ast.BinOp) or not isinstance(node.op, (ast.BitAnd, ast.BitOr)):
        return
    sides = node.left, node.right
    kinds = [np.asarray(context.value(one)).dtype.kind for one in sides]
    for one, kind, other in zip(sides, kinds, reversed(kinds), strict=True):
        if kind in "iu" and other == "b":
            sign = "&" if isinstance(node.op, ast.BitAnd) else "|"
            octave = f"{sign} takes every number but 0 as true."
            python = f"{sign} joins the bits of True, which is 1, and those of a number."
            new = ast.Compare(one, [ast.NotEq()], [ast.Constant(0)])
            yield Change("and-or", one, new, octave, python)


CHANGES = (asked, joined_numbers)
