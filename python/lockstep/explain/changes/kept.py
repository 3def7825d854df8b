"""Objects that outlive a call: defaults that are made once, results that are kept.

May import `change`, `context`, `nodes_of_tree` and `sources`.
"""

import ast
from collections.abc import Iterator

import numpy as np

from lockstep.explain.changes.change import Change, Where
from lockstep.explain.changes.context import Context
from lockstep.explain.nodes_of_tree import functions_of
from lockstep.sources.parameters import defaults_of

ORDER = 19
KEYS = (
    "mutable-default",
    "sharing",
)

OBJECTS = (np.ndarray, list, dict, set)
"""What may be changed in place."""


def defaults(node: ast.AST, context: Context) -> Iterator[Change]:
    """Copy a list or dict that is a default before the function changes it."""
    function = _begun_by(node, context)
    if function is None or not isinstance(node, ast.stmt):
        return
    for name, default in defaults_of(function):
        if not isinstance(default, (ast.List, ast.Dict, ast.Set, ast.Call)):
            continue
        kind = ast.unparse(default)
        yield Change(
            "mutable-default", node, None, "Each call of an Octave function begins anew.",
            f"The default {kind} is made once: what a call changes in it, the next one finds.",
            lines=f"{name} = {name}.copy()", where=Where.BEFORE, about=default,
        )  # fmt: skip


def _begun_by(node: ast.AST, context: Context) -> ast.FunctionDef | None:
    """Return the function of which a node is the first statement that is no docstring."""
    function = context.parent(node)
    if not isinstance(function, ast.FunctionDef):
        return None
    first, *rest = function.body
    text = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
    return function if node is (rest[0] if text and rest else first) else None


def arguments(node: ast.AST, context: Context) -> Iterator[Change]:
    """Copy an argument before the function changes it."""
    function = _begun_by(node, context)
    if function is None or not isinstance(node, ast.stmt):
        return
    first = context.evidence.first
    known = {} if first is None else first.variables
    for parameter in [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]:
        if isinstance(known.get(parameter.arg), OBJECTS):
            yield Change(
                "sharing", node, None, "Each function of Octave has values of its own.",
                f"What is done to {parameter.arg} is done to the caller's as well.",
                lines=f"{parameter.arg} = {parameter.arg}.copy()", where=Where.BEFORE,
            )  # fmt: skip


def results(node: ast.AST, context: Context) -> Iterator[Change]:
    """Copy what another function of the port returns: it may keep the same object."""
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
        return
    if node.func.id not in {function.name for function in functions_of(context.evidence.tree)}:
        return
    if not isinstance(context.parent(node), (ast.Assign, ast.AnnAssign, ast.Return, ast.NamedExpr)):
        return
    if isinstance(context.value(node), OBJECTS):
        octave = "Octave gives each caller a value of its own."
        python = f"{node.func.id} keeps what it returns, and gives the same object again."
        new = context.make("X.copy()", X=node)
        yield Change("sharing", node, new, octave, python, keeps_value=True)


CHANGES = (defaults, arguments, results)
