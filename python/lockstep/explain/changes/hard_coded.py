"""A constant in the place of what an object or a text holds. May import `change` and `context`."""

import ast
from collections.abc import Iterator

from lockstep.explain.changes.change import Change
from lockstep.explain.changes.context import Context

ORDER = 30
KEYS = ("constant",)

LONGEST = 3
"""Characters of a text that may be an element of another."""


def hard_coded(node: ast.AST, context: Context) -> Iterator[Change]:
    """Take an attribute of the object, or an end of a text or list, in place of a constant."""
    if not isinstance(node, ast.Constant) or isinstance(context.parent(node), ast.Expr):
        return
    is_text = isinstance(node.value, str) and len(node.value) <= LONGEST
    if not is_text and (isinstance(node.value, bool) or not isinstance(node.value, (int, float))):
        return
    octave = "Octave has no such constant here."
    for new in _held(node, context, is_text):
        python = f"The port has {ast.unparse(node)}, whatever {ast.unparse(new)} is."
        yield Change("constant", node, new, octave, python, is_guess=True)


def _held(node: ast.Constant, context: Context, is_text: bool) -> Iterator[ast.expr]:
    for name in _attributes(context):
        own = ast.Attribute(ast.Name("self", ast.Load()), name, ast.Load())
        yield own
        if is_text:
            yield from _ends(own, context)
    first = context.evidence.first
    for name, value in ({} if first is None or not is_text else first.variables).items():
        is_held = isinstance(value, (str, list, tuple)) and len(value) > 1
        if is_held and all(isinstance(one, str) for one in value):
            yield from _ends(ast.Name(name, ast.Load()), context)


def _ends(whole: ast.expr, context: Context) -> Iterator[ast.expr]:
    yield context.make("X[0]", X=whole)
    yield context.make("X[-1]", X=whole)


def _attributes(context: Context) -> list[str]:
    """Name the attributes that the methods of the class give their own object."""
    around = context.parent(context.evidence.function)
    if not isinstance(around, ast.ClassDef):
        return []
    found = (
        one.attr
        for one in ast.walk(around)
        if isinstance(one, ast.Attribute)
        and isinstance(one.value, ast.Name)
        and one.value.id == "self"
        and isinstance(one.ctx, ast.Store)
    )
    return list(dict.fromkeys(found))


CHANGES = (hard_coded,)
