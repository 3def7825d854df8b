"""Another field of the same object or table. May import `change` and `context`."""

import ast
from collections.abc import Iterator

from lockstep.explain.changes.change import Change
from lockstep.explain.changes.context import Context

ORDER = 30
KEYS = ("variable",)

MOST = 12
"""Fields that are tried, those first that stand nearest."""

Field = ast.Attribute | ast.Subscript


def fields(node: ast.AST, context: Context) -> Iterator[Change]:
    """Take what the port keeps under another name in the same object or dictionary."""
    own = _base_and_name(node, context)
    if own is None or not isinstance(node, Field) or isinstance(node.ctx, ast.Del):
        return
    others: dict[str, int] = {}
    for one in ast.walk(context.evidence.tree):
        other = _base_and_name(one, context)
        if isinstance(one, type(node)) and other is not None and other[0] == own[0]:
            away = abs(one.lineno - node.lineno)
            others[other[1]] = min(away, others.get(other[1], away))
    others.pop(own[1])
    for name in sorted(others, key=others.__getitem__)[:MOST]:
        new: ast.expr = ast.Subscript(node.value, ast.Constant(name), node.ctx)
        if isinstance(node, ast.Attribute):
            new = ast.Attribute(node.value, name, node.ctx)
        octave = f"Octave's counterpart of {ast.unparse(new)} stands here."
        yield Change("variable", node, new, octave, f"The port has {own[1]}.", is_guess=True)


def _base_and_name(node: ast.AST, context: Context) -> tuple[str, str] | None:
    """Say what a field is one of, and its name; None for what is no field of a variable."""
    if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant):
        key = node.slice.value
        return (ast.unparse(node.value), key) if isinstance(key, str) else None
    if not isinstance(node, ast.Attribute) or not isinstance(node.value, ast.Name):
        return None
    around = context.parent(node)
    if (isinstance(around, ast.Call) and around.func is node) or node.value.id in context.globals:
        return None  # a method, or of a module
    return node.value.id, node.attr


CHANGES = (fields,)
