"""What SciPy's distributions take by their position. May import `change` and `context`."""

import ast
from collections.abc import Iterator

from lockstep.explain.changes.change import Change
from lockstep.explain.changes.context import Context

ORDER = 12
KEYS = ("library-default",)

VARIABLES = 1
"""Arguments before the distribution's own: where it is asked for."""


def scales(node: ast.AST, context: Context) -> Iterator[Change]:
    """Give what stands where SciPy expects the location as the scale, or as a rate."""
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
        return
    shapes = getattr(context.value(node.func.value), "numargs", None)
    first = None if not isinstance(shapes, int) else VARIABLES + shapes
    if first is None or len(node.args) != first + 1 or node.keywords:
        return
    octave = "Octave's parameter here is the scale."
    python = "Behind the shapes SciPy takes the location first, then the scale."
    for template in ("X", "1 / X"):
        scale = context.make(template, X=node.args[first])
        new = ast.Call(node.func, node.args[:first], [ast.keyword("scale", scale)])
        yield Change("library-default", node, new, octave, python)


CHANGES = (scales,)
