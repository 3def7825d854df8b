"""Neighbours in a ring: the last with the first. May import `change` and `context`."""

import ast
from collections.abc import Iterator

import numpy as np

from lockstep.explain.changes.change import Change
from lockstep.explain.changes.context import Context, called

ORDER = 14
KEYS = ("range-end",)

OCTAVE = "Octave takes the last with the first, too."


def closed(node: ast.AST, context: Context) -> Iterator[Change]:
    """Take the last with the first, too, where each is taken with the one after it."""
    if not isinstance(node, ast.Call) or node.keywords:
        return
    python = "These end before the first comes again."
    if called(node) == "pairwise" and len(node.args) == 1:
        given = node.args[0]
        around = ast.List([ast.Starred(given, ast.Load()), _first(given)], ast.Load())
        new = ast.Call(node.func, [around], [])
        yield Change("range-end", node, new, OCTAVE, python)
    if called(node) != "zip" or len(node.args) != 2:
        return
    for place in (0, 1):
        whole, rest = node.args[1 - place], node.args[place]
        if not _is_without_first(rest, whole):
            continue
        is_array = isinstance(context.value(whole), np.ndarray)
        template = "np.roll(X, -1, axis=0)" if is_array else "[*R, F]"
        turned = context.make(template, X=whole, R=rest, F=_first(whole))
        args = [whole, turned] if place else [turned, whole]
        yield Change("range-end", node, ast.Call(node.func, args, []), OCTAVE, python)


def _first(given: ast.expr) -> ast.expr:
    return ast.Subscript(given, ast.Constant(0), ast.Load())


def _is_without_first(one: ast.expr, whole: ast.expr) -> bool:
    """Whether an expression is another one from its second element on."""
    return ast.unparse(one) == f"{ast.unparse(whole)}[1:]"


CHANGES = (closed,)
