"""The ends of a slice that goes backwards. May import `change` and `context`."""

import ast
from collections.abc import Iterator

from lockstep.explain.changes.change import Change
from lockstep.explain.changes.context import Context, constant, number

ORDER = 20
KEYS = ("slice-end", "slice-start")


def backward_ends(node: ast.AST, context: Context) -> Iterator[Change]:
    """Begin at the last but one, or at the last; end with the first, or before it."""
    if not isinstance(node, ast.Subscript) or not isinstance(node.slice, ast.Slice):
        return
    part = node.slice
    if constant(part.step) != -1 or not isinstance(node.ctx, ast.Load):
        return
    if part.lower is None or constant(part.lower) == -2:
        start = number(-2) if part.lower is None else None
        new = ast.Slice(start, part.upper, part.step)
        octave = f"Octave begins {'before' if start else 'at'} the last element."
        python = "A slice backwards begins at the last element unless it says where."
        yield Change("slice-start", node, ast.Subscript(node.value, new, node.ctx), octave, python)
    if part.upper is None or constant(part.upper) == 0:
        end = number(0) if part.upper is None else None
        new = ast.Slice(part.lower, end, part.step)
        octave = f"Octave ends {'before' if end else 'with'} the first element."
        python = "A slice that goes down to 0 leaves out the first, one without an end takes it."
        yield Change("slice-end", node, ast.Subscript(node.value, new, node.ctx), octave, python)


CHANGES = (backward_ends,)
