"""What a condition asks of an array: whether it is empty, or whether anything in it is true.

May import `change` and `context`.
"""

import ast
from collections.abc import Iterator

import numpy as np

from lockstep.explain.changes.change import Change
from lockstep.explain.changes.context import Context, called

ORDER = 24
KEYS = ("condition",)


def asked(node: ast.AST, context: Context) -> Iterator[Change]:
    """Ask for true elements in place of elements at all, and the other way round."""
    if not isinstance(node, (ast.If, ast.While, ast.IfExp)):
        return
    for part in _conditions(node.test):
        array, counts = _array(part)
        if array is None or not isinstance(context.value(array), (np.ndarray, list, tuple)):
            continue
        if counts:
            for name in ("any", "all") if context.np else ():
                new = context.make(f"np.{name}(X)", X=array)
                octave = f"Octave asks whether {name} of the elements are true."
                yield Change("condition", part, new, octave, "The port asks how many there are.")
        else:
            octave = "Octave asks whether there are elements."
            python = "The port asks whether they are true."
            is_array = isinstance(context.value(array), np.ndarray)
            new = context.make("X.size" if is_array else "len(X)", X=array)
            yield Change("condition", part, new, octave, python)


def _conditions(test: ast.expr) -> Iterator[ast.expr]:
    """Yield a condition, or those that it is made of."""
    if isinstance(test, ast.BoolOp):
        for one in test.values:
            yield from _conditions(one)
    elif isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        yield from _conditions(test.operand)
    else:
        yield test


def _array(part: ast.expr) -> tuple[ast.expr | None, bool]:
    """Return the array that a condition asks about, and whether it asks for its elements."""
    if isinstance(part, ast.Compare) and len(part.ops) == 1:
        is_zero = isinstance(part.comparators[0], ast.Constant) and part.comparators[0].value == 0
        is_more = isinstance(part.ops[0], (ast.Gt, ast.NotEq))
        return _array(part.left) if is_zero and is_more else (None, False)
    if isinstance(part, ast.Attribute) and part.attr == "size":
        return part.value, True
    if not isinstance(part, ast.Call):
        return None, False
    name, arguments = called(part), part.args
    if name in ("len", "size") and len(arguments) == 1:
        return arguments[0], True
    if name in ("any", "all"):
        is_method = isinstance(part.func, ast.Attribute) and not arguments
        array = part.func.value if is_method and isinstance(part.func, ast.Attribute) else None
        return array or (arguments[0] if len(arguments) == 1 else None), False
    return None, False


CHANGES = (asked,)
