"""What a loop adds up, or gathers otherwise: kept from turn to turn, or begun anew.

May import `change`, `context` and `plain`.
"""

import ast
from collections.abc import Iterator

import numpy as np

from lockstep.explain.changes.change import Change
from lockstep.explain.changes.context import MISSING, Context
from lockstep.explain.changes.plain import NUMBERS

ORDER = 30
KEYS = ("operator",)


def kept_on(node: ast.AST, context: Context) -> Iterator[Change]:
    """Add to what a variable or its part has, or join it with that, where it gets a new value."""
    if not isinstance(node, ast.Assign) or len(node.targets) != 1:
        return
    is_kept = isinstance(node.targets[0], (ast.Subscript, ast.Attribute))
    if not (is_kept or is_in_loop(node, context)):
        return
    target = ast.unparse(node.targets[0])
    value = context.value(node.value)
    is_read = any(ast.unparse(one) == target for one in ast.walk(node.value) if _is_place(one))
    if not _is_place(node.targets[0]) or is_read or value is MISSING or isinstance(value, dict):
        return
    is_truth = isinstance(value, (bool, np.bool_)) or getattr(value, "dtype", None) == np.bool_
    numeric = isinstance(value, NUMBERS)
    for operator in ("|", "&") if is_truth else ("+", "*") if numeric else ("+",):
        yield Change(
            "operator", node, None, "Octave keeps what it had before, too.",
            "It gets a value that knows nothing of the one before.", is_guess=True,
            lines=f"{target} {operator}= {ast.unparse(node.value)}",
        )  # fmt: skip


def counted_on(node: ast.AST, context: Context) -> Iterator[Change]:
    """Add to what a dictionary has under a key, if it has it, where the port sets it anew."""
    if not isinstance(node, ast.Assign) or len(node.targets) != 1:
        return
    target = node.targets[0]
    if not isinstance(target, ast.Subscript) or not isinstance(context.value(target.value), dict):
        return
    if not isinstance(context.value(node.value), (int, float, np.number)):
        return
    base, key, value = (ast.unparse(one) for one in (target.value, target.slice, node.value))
    yield Change(
        "operator", node, None, "Octave adds to what it had before.",
        "It gets a value that knows nothing of the one before.", is_guess=True,
        lines=f"{base}[{key}] = {base}.get({key}, 0) + {value}",
    )  # fmt: skip


def begun_anew(node: ast.AST, context: Context) -> Iterator[Change]:
    """Give a variable a new value where it is added to what it has."""
    if isinstance(node, ast.AugAssign):
        yield Change(
            "operator", node, None, "Octave gives it a new value here.",
            "It is added to, or joined with, what it had.", is_guess=True,
            lines=f"{ast.unparse(node.target)} = {ast.unparse(node.value)}",
        )  # fmt: skip


def _is_place(node: ast.AST) -> bool:
    return isinstance(node, (ast.Name, ast.Subscript, ast.Attribute))


def is_in_loop(node: ast.AST, context: Context) -> bool:
    """Whether a node is in a loop of its function."""
    while (parent := context.parent(node)) is not None:
        if isinstance(parent, (ast.For, ast.While)):
            return True
        if isinstance(parent, ast.FunctionDef):
            return False
        node = parent
    return False


CHANGES = (kept_on, counted_on, begun_anew)
