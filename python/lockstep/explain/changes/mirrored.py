"""What is done to the rows of a matrix, or above its diagonal, and not to its columns, or below.

May import `change`, `context` and `written`.
"""

import ast
from collections.abc import Iterator

from lockstep.explain.changes.change import Change, Where
from lockstep.explain.changes.context import Context
from lockstep.explain.changes.written import written

ORDER = 33
KEYS = ("missing-statement",)


def mirrored(node: ast.AST, context: Context) -> Iterator[Change]:
    """Do the same to the element on the other side of the diagonal: to the columns, too."""
    if isinstance(node, ast.Assign) and len(node.targets) == 1:
        target = node.targets[0]
    elif isinstance(node, ast.AugAssign):
        target = node.target
    else:
        return
    place = target.slice if isinstance(target, ast.Subscript) else None
    if not isinstance(place, ast.Tuple) or len(place.elts) != 2:
        return
    one, other = map(ast.unparse, place.elts)
    text, before = written(node, context), ast.unparse(target)
    base = ast.unparse(target.value) if isinstance(target, ast.Subscript) else ""
    if one != other and text.startswith(before):
        lines = f"{base}[{other}, {one}]{text[len(before) :]}"
        octave = "Octave does it on both sides of the diagonal."
        yield Change(
            "missing-statement", node, None, octave, f"The port does it to {before} alone.",
            lines=lines, where=Where.AFTER, is_guess=True,
        )  # fmt: skip


CHANGES = (mirrored,)
