"""A number or a text of a table that was copied wrong. May import `change`, `context` and `top`."""

import ast
from collections.abc import Iterator
from typing import Any

import numpy as np

from lockstep.explain.changes.change import Change
from lockstep.explain.changes.context import Context, constant, number
from lockstep.explain.numbers import numbers
from lockstep.explain.top import bound_at_the_top

ORDER = 25
KEYS = ("constant",)

MOST_ALIKE = 12
"""Entries of a table that are the same, each of which may be the one."""

CLOSE = 1e-12
"""How far apart two numbers are, relative, that are the same but for rounding."""


def mistyped(node: ast.AST, context: Context) -> Iterator[Change]:
    """Write Octave's value in the place of the entry that a table gave."""
    first, table = context.evidence.first, _table(node, context)
    if first is None or table is None:
        return
    own, octave = _apart(first.own, first.octave)
    if octave is None:
        return
    new = ast.Constant(octave) if isinstance(octave, str) else number(octave)
    kind = "text" if isinstance(octave, str) else "number"
    said = f"Octave's {kind} is {ast.unparse(new)} here."
    every = [one for one in ast.walk(table) if _is_written(one, own)]
    for one in every[:MOST_ALIKE]:
        yield Change("constant", one, new, said, f"The port's table has {ast.unparse(one)}.")


def _table(node: ast.AST, context: Context) -> ast.expr | None:
    """Return the table that a node is, or that a name of the module's top stands for."""
    if isinstance(node, ast.Name):
        return bound_at_the_top(context.evidence.tree).get(node.id)
    is_whole = not isinstance(context.parent(node), (ast.List, ast.Tuple, ast.Dict))
    return node if isinstance(node, (ast.List, ast.Tuple, ast.Dict)) and is_whole else None


def _apart(own: Any, octave: Any) -> tuple[Any, Any]:
    """Return the one entry in which two values differ, of both; None where it is not one."""
    if isinstance(own, str) and isinstance(octave, str):
        return own, octave if own != octave else None
    one, other = numbers(own), numbers(octave)
    if one is None or other is None or one.flat.size != other.flat.size:
        return own, None
    if np.iscomplexobj(one.flat) or np.iscomplexobj(other.flat):
        return own, None
    a, b = one.flat.astype(float), other.flat.astype(float)
    places = np.flatnonzero(~np.isclose(a, b, rtol=CLOSE, atol=0, equal_nan=True))
    if places.size != 1 or not np.isfinite(b[places[0]]):
        return own, None
    found = float(b[places[0]])
    return float(a[places[0]]), int(found) if found.is_integer() and abs(found) < 1e6 else found


def _is_written(node: ast.AST, value: Any) -> bool:
    """Whether a node is a constant of a value; a truth value is no number."""
    found = constant(node)
    if isinstance(found, bool) or not isinstance(found, (int, float, str)):
        return False
    return isinstance(found, str) == isinstance(value, str) and bool(found == value)


CHANGES = (mistyped,)
