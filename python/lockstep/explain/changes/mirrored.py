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


_OPPOSITE = {"+=": "-=", "-=": "+="}


def mirrored(node: ast.AST, context: Context) -> Iterator[Change]:
    """Do the same, or the opposite, to the element on the other side of the diagonal."""
    if isinstance(node, ast.Assign) and len(node.targets) == 1:
        target = node.targets[0]
    elif isinstance(node, ast.AugAssign):
        target = node.target
    else:
        return
    text, before, other = written(node, context), ast.unparse(target), _other_side(target)
    if not other or not text.startswith(before):
        return
    rest = text[len(before) :]
    rests = [rest]
    for sign, opposite in _OPPOSITE.items():
        if isinstance(node, ast.AugAssign) and rest.lstrip().startswith(sign):
            rests.append(rest.replace(sign, opposite, 1))
    for made in rests:
        how = "it" if made == rest else "the opposite"
        yield Change(
            "missing-statement", node, None, f"Octave does {how} across the diagonal, too.",
            f"The port does it to {before} alone.", lines=f"{other}{made}", where=Where.AFTER,
            is_guess=True,
        )  # fmt: skip


def _other_side(target: ast.expr) -> str:
    """Write the element of a matrix, or of a list of lists, whose indices are exchanged."""
    if not isinstance(target, ast.Subscript):
        return ""
    inner, place = target.value, target.slice
    if isinstance(place, ast.Tuple) and len(place.elts) == 2:
        row, column = map(ast.unparse, place.elts)
        return "" if row == column else f"{ast.unparse(inner)}[{column}, {row}]"
    if isinstance(inner, ast.Subscript) and not isinstance(place, (ast.Tuple, ast.Slice)):
        row, column = ast.unparse(inner.slice), ast.unparse(place)
        is_plain = not isinstance(inner.slice, (ast.Tuple, ast.Slice)) and row != column
        return f"{ast.unparse(inner.value)}[{column}][{row}]" if is_plain else ""
    return ""


CHANGES = (mirrored,)
