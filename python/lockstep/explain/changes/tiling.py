"""Copies that are set beside each other, grids, diagonals and triangles.

May import `change` and `context`.
"""

import ast
from collections.abc import Iterator

from lockstep.explain.changes.change import Change
from lockstep.explain.changes.context import Context, called, constant, keyword, with_keywords

ORDER = 10
KEYS = ("diagonal", "ndgrid", "repmat", "triangle")


def tiled(node: ast.AST, context: Context) -> Iterator[Change]:
    """``repeat`` for ``tile``, ``meshgrid`` for ``ndgrid``, and the diagonal of a triangle."""
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
        return
    name = called(node)
    if name in ("repeat", "tile"):
        arguments = context.arguments(node)
        if len(arguments) == 2 and not node.keywords:
            other = "tile" if name == "repeat" else "repeat"
            new = context.make(f"np.{other}(X, Y)", X=arguments[0], Y=arguments[1])
            octave = "repmat sets copies of the whole one after the other."
            python = "np.repeat repeats each element in its place."
            if name == "tile":
                octave = "Octave repeats each element in its place."
                python = "np.tile sets copies of the whole one after the other."
            yield Change("repmat", node, new, octave, python)
            yield from _repeated_along_axes(node, name, context)
    if name == "meshgrid":
        if constant(keyword(node, "indexing")) == "ij":
            octave = "meshgrid gives grids whose columns belong to the first argument."
            python = "With indexing='ij' the rows belong to it."
            yield Change("ndgrid", node, with_keywords(node, ("indexing",)), octave, python)
        else:
            octave = "ndgrid gives grids whose rows belong to the first argument."
            python = "np.meshgrid gives grids whose columns belong to it unless indexing is 'ij'."
            yield Change("ndgrid", node, with_keywords(node, indexing="ij"), octave, python)
    if name in ("tril", "triu", "tril_indices", "triu_indices", "diag", "eye"):
        yield from _diagonals(node, name, context)


def _repeated_along_axes(node: ast.Call, name: str, context: Context) -> Iterator[Change]:
    """Repeat each element along each dimension as often as the whole is set beside itself."""
    array, counts = context.arguments(node)
    if name != "tile" or not isinstance(counts, ast.Tuple):
        return
    new: ast.expr = array
    for axis, count in enumerate(counts.elts):
        if constant(count) != 1:
            new = context.make(f"np.repeat(X, Y, axis={axis})", X=new, Y=count)
    octave = "Octave has each element as often as that, one beside the other."
    yield Change("repmat", node, new, octave, "np.tile sets copies of the whole beside each other.")


def _diagonals(node: ast.Call, name: str, context: Context) -> Iterator[Change]:
    given = constant(keyword(node, "k") or (node.args[1] if len(node.args) == 2 else None))
    if len(node.args) > 2 or (len(node.args) == 2 and not isinstance(given, int)):
        return
    inner = -1 if name.startswith("tril") else 1
    octave = "Octave's second argument says from which diagonal on."
    python = "Without a second argument the diagonal belongs to the triangle."
    now = given if isinstance(given, int) else 0
    for k in (0, inner, -inner, 2, -2):
        if k == now:
            continue
        extra = [] if k == 0 else [ast.parse(repr(k), mode="eval").body]
        new = ast.Call(node.func, [node.args[0], *extra], [])
        said = python if now == 0 else f"It starts at diagonal {now} here."
        yield Change("diagonal", node, new, octave, said)
    turned = {"tril": "triu", "triu": "tril"}.get(name)
    if turned:
        assert isinstance(node.func, ast.Attribute)
        function = ast.Attribute(node.func.value, turned, ast.Load())
        octave, python = "Octave keeps the other triangle.", f"np.{name} keeps this one."
        new = ast.Call(function, node.args, node.keywords)
        yield Change("triangle", node, new, octave, python)


CHANGES = (tiled,)
