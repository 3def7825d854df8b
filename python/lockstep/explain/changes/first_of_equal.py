"""The first of equal elements where the port takes the last.

May import `change`, `context` and `layout`.
"""

import ast
from collections.abc import Iterator

from lockstep.explain.changes.change import Change
from lockstep.explain.changes.context import Context, called
from lockstep.explain.changes.layout import is_reversal

ORDER = 14
KEYS = ("first-or-last",)


def first_of_equal(node: ast.AST, context: Context) -> Iterator[Change]:
    """Count from the beginning what is found from the end: ``n - 1 - argmax(x[::-1])``."""
    if not isinstance(node, ast.BinOp) or not isinstance(node.op, ast.Sub):
        return
    call = node.right
    if called(call) not in ("argmax", "argmin") or not isinstance(call, ast.Call) or not call.args:
        return
    turned = call.args[0]
    if isinstance(turned, ast.Subscript) and is_reversal(turned.slice):
        new = ast.Call(call.func, [turned.value, *call.args[1:]], call.keywords)
        octave, python = "Octave takes the first of equal elements.", "The port takes the last."
        yield Change("first-or-last", node, new, octave, python)


CHANGES = (first_of_equal,)
