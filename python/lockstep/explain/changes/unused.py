"""What is never used, and belongs somewhere: an argument, or a result.

May import `change`, `context`, `rewriting` and `sources`.
"""

import ast
from collections.abc import Iterator
from functools import lru_cache

from lockstep.explain.changes.change import Change
from lockstep.explain.changes.context import Context, constant
from lockstep.explain.changes.rewriting import segment
from lockstep.sources.lost_results import is_lost

ORDER = 19
KEYS = ("lost-argument", "unassigned")


def unused(node: ast.AST, context: Context) -> Iterator[Change]:
    """Hand on a parameter that nothing reads, or put it in the place of a number."""
    is_number = isinstance(node, ast.Constant) and isinstance(node.value, (int, float))
    if not is_number and not isinstance(node, ast.Call):
        return
    for name in _unused_parameters(node, context):
        octave = f"Octave uses {name}."
        python = f"The port is given {name} and does not use it."
        given = ast.Name(name, ast.Load())
        if isinstance(node, ast.Call):
            for argument in (given, context.make("int(X)", X=given)):
                new: ast.expr = ast.Call(node.func, [*node.args, argument], node.keywords)
                yield Change("lost-argument", node, new, octave, python)
        elif constant(node) is not None:
            python += f" It has {ast.unparse(node)} here."
            yield Change("lost-argument", node, given, octave, python)


def _unused_parameters(node: ast.AST, context: Context) -> Iterator[str]:
    """Name the parameters of the functions around a node that nothing in them reads."""
    around = context.parent(node)
    while around is not None:
        if isinstance(around, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield from _unread(around)
        around = context.parent(around)


@lru_cache(maxsize=32)
def _unread(function: ast.FunctionDef | ast.AsyncFunctionDef) -> tuple[str, ...]:
    """Name the parameters of a function that nothing in it reads: asked for each of its nodes."""
    used = {
        one.id
        for one in ast.walk(function)
        if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Load)
    }
    args = function.args
    given = [*args.posonlyargs, *args.args, *args.kwonlyargs]
    return tuple(one.arg for one in given if one.arg not in used | {"self", "cls"})


def unassigned(node: ast.AST, context: Context) -> Iterator[Change]:
    """Give a variable the result that a statement gives to nothing."""
    if not is_lost(node):
        return
    names = [one.id for one in ast.walk(node) if isinstance(one, ast.Name)]
    first = context.evidence.first
    variables = () if first is None else first.variables
    text = segment(context.evidence.text, node)
    for name in dict.fromkeys(one for one in names if one in variables):
        octave = f"Octave gives {name} the result."
        python = "The port computes it and gives it to nothing."
        yield Change("unassigned", node, None, octave, python, lines=f"{name} = {text}")


CHANGES = (unused, unassigned)
