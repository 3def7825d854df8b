"""Elements that depend on those before them, computed all at once.

May import `change`, `context`, `indices` and `rewriting`.
"""

import ast
from collections.abc import Iterator
from itertools import chain, count

import numpy as np

from lockstep.explain.changes.change import Change
from lockstep.explain.changes.context import Context, constant
from lockstep.explain.changes.indices import shifted_by
from lockstep.explain.changes.rewriting import exchanged

ORDER = 26
KEYS = ("statement-order",)

OCTAVE = "In Octave each element is computed from what those before it have become."
PYTHON = "All are computed at once, from what they were before."


def in_turn(node: ast.AST, context: Context) -> Iterator[Change]:
    """Change the elements of an array one after the other, where they are computed from it."""
    if not isinstance(node, ast.Assign) or len(node.targets) != 1:
        return
    target = node.targets[0]
    if not isinstance(target, ast.Subscript) or not isinstance(target.value, ast.Name):
        return
    place, array = target.slice, target.value.id
    if array not in {one.id for one in ast.walk(node.value) if isinstance(one, ast.Name)}:
        return
    name = _free_name(context)
    if isinstance(place, ast.Name) and _is_index(context.value(place)):
        one = {id(n): ast.Name(name, ast.Load()) for n in ast.walk(node) if _is_read(n, place.id)}
        yield _change(node, f"for {name} in {place.id}:", exchanged(node, one))
    elif (
        isinstance(place, ast.Slice) and _has_end(place) and (begins := _begins(place)) is not None
    ):
        parts = {
            id(n): _shifted(name, first - begins)
            for n in ast.walk(node)
            if isinstance(n, ast.Slice) and (first := _begins(n)) is not None
        }
        ends = f"range({begins}, {_end(place, array)})"
        yield _change(node, f"for {name} in {ends}:", exchanged(node, parts))


def _is_index(value: object) -> bool:
    return isinstance(value, np.ndarray) and value.ndim == 1 and value.dtype.kind in "iu"


def _is_read(node: ast.AST, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, ast.Load)


def _begins(cut: ast.Slice) -> int | None:
    """Return where a slice begins; None where no number says so, or not each element is taken."""
    begins = 0 if cut.lower is None else constant(cut.lower)
    is_plain = isinstance(begins, int) and begins >= 0 and cut.step is None
    return begins if is_plain else None


def _has_end(cut: ast.Slice) -> bool:
    """Whether it can be said where a slice ends: not of what counts from the end by a variable."""
    return not isinstance(cut.upper, ast.UnaryOp) or isinstance(constant(cut.upper), int)


def _end(cut: ast.Slice, array: str) -> str:
    """Write where a slice ends."""
    if cut.upper is None:
        return f"len({array})"
    text, end = ast.unparse(cut.upper), constant(cut.upper)
    return f"len({array}) - {-end}" if isinstance(end, int) and end < 0 else text


def _shifted(name: str, by: int) -> ast.expr:
    place = ast.Name(name, ast.Load())
    return shifted_by(place, by) if by else place


def _free_name(context: Context) -> str:
    """Return a short name that the function has not."""
    names = chain(("k", "i", "j", "m", "n"), (f"k{number}" for number in count(1)))
    return next(name for name in names if name not in context.names)


def _change(node: ast.Assign, loop: str, inside: ast.AST) -> Change:
    lines = f"{loop}\n    {ast.unparse(inside)}"
    return Change("statement-order", node, None, OCTAVE, PYTHON, lines=lines, is_guess=True)


CHANGES = (in_turn,)
