"""What Octave's matrix can do and the port's value cannot: a number of one element, a tuple.

May import `change` and `context`.
"""

import ast
from collections.abc import Iterator
from numbers import Number

from lockstep.explain.changes.change import Change, Where
from lockstep.explain.changes.context import Context, called

ORDER = 13
KEYS = ("changed-copy", "numel")

_OF_ARRAYS = frozenset(["T", "flatten", "max", "min", "ndim", "ravel", "reshape", "shape", "size"])
"""What only an array is asked for."""


def made_array(node: ast.AST, context: Context) -> Iterator[Change]:
    """Make an array of one element of a number of which a length or an element is asked for."""
    if not isinstance(node, ast.stmt) or node is not context.evidence.statement or not context.np:
        return
    for name in _asked_as_arrays(node):
        if isinstance(context.value(name), Number):
            octave = "A number is a matrix of one element, with a length and a first element."
            python = "A number of Python has no length, and no elements."
            lines = f"{name.id} = {context.np}.atleast_1d({name.id})"
            yield Change("numel", node, None, octave, python, lines=lines, where=Where.BEFORE)


def _asked_as_arrays(node: ast.stmt) -> Iterator[ast.Name]:
    """Yield the variables of a statement's head of which a length or an element is asked."""
    heads = (one for one in ast.iter_child_nodes(node) if not isinstance(one, ast.stmt))
    seen: set[str] = set()
    for part in (part for head in heads for part in ast.walk(head)):
        asked: ast.AST | None = None
        if called(part) == "len" and isinstance(part, ast.Call) and part.args:
            asked = part.args[0]
        elif isinstance(part, ast.Subscript) or (
            isinstance(part, ast.Attribute) and part.attr in _OF_ARRAYS
        ):
            asked = part.value
        if isinstance(asked, ast.Name) and asked.id not in seen:
            seen.add(asked.id)
            yield asked


def made_list(node: ast.AST, context: Context) -> Iterator[Change]:
    """Make a list of a tuple, or of a text, an element of which is changed."""
    if not isinstance(node, (ast.Assign, ast.AugAssign)):
        return
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    for target in targets:
        base = target.value if isinstance(target, ast.Subscript) else None
        if isinstance(base, ast.Name) and isinstance(context.value(base), (tuple, str, bytes)):
            octave = "Octave changes an element of it."
            python = f"A {type(context.value(base)).__name__} cannot be changed."
            lines = f"{base.id} = list({base.id})"
            yield Change(
                "changed-copy", node, None, octave, python, lines=lines, where=Where.BEFORE
            )


CHANGES = (made_array, made_list)
