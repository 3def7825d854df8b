"""What was computed of a variable before this changed: it is to be computed anew.

May import `change`, `context`, `written` and `sources`.
"""

import ast
from collections.abc import Iterator

from lockstep.explain.changes.change import Change, Where
from lockstep.explain.changes.context import Context, bound_name
from lockstep.explain.changes.written import SIMPLE, written
from lockstep.sources.python_names import bound_names

ORDER = 33
KEYS = ("missing-statement",)

MOST = 6
"""Statements that are repeated after one."""


def recomputed(node: ast.AST, context: Context) -> Iterator[Change]:
    """Repeat, after what changes a variable, what was computed of it before."""
    if not isinstance(node, SIMPLE):
        return
    changed = {*bound_names(node), bound_name(node), _asked(node)} - {""}
    found = [
        one
        for one in ast.walk(context.evidence.function)
        if isinstance(one, ast.Assign) and one.lineno < node.lineno and _is_of(one, changed)
    ]
    later = _read_from(node, context) if found else set()
    for one in [one for one in found if bound_name(one) in later][:MOST]:
        name, of = bound_name(one), min(changed & _read(one.value))
        octave = f"Octave computes {name} anew here."
        python = f"The port's {name} is of {of} before that changed."
        lines = written(one, context)
        yield Change(
            "missing-statement", node, None, octave, python, lines=lines, where=Where.AFTER,
            is_guess=True,
        )  # fmt: skip


def _asked(node: ast.stmt) -> str:
    """Name the object of which a method is called for what it does; empty for none."""
    call = node.value if isinstance(node, ast.Expr) else None
    method = call.func if isinstance(call, ast.Call) else None
    of = method.value if isinstance(method, ast.Attribute) else None
    return of.id if isinstance(of, ast.Name) else ""


def _is_of(statement: ast.Assign, changed: set[str]) -> bool:
    """Whether a statement computes another variable of some, and not of itself."""
    name, read = bound_name(statement), _read(statement.value)
    return name != "" and name not in changed | read and not changed.isdisjoint(read)


def _read(node: ast.AST) -> set[str]:
    names = (one for one in ast.walk(node) if isinstance(one, ast.Name))
    return {one.id for one in names if isinstance(one.ctx, ast.Load)}


def _read_from(node: ast.stmt, context: Context) -> set[str]:
    """Name what is read in the lines after a statement; in a loop, in any of its lines."""
    around: ast.AST | None = node
    first = node.lineno
    while around is not None and around is not context.evidence.function:
        around = context.parent(around)
        if isinstance(around, (ast.For, ast.While)):
            first = min(first, around.lineno - 1)
    every = ast.walk(context.evidence.function)
    return {
        one.id
        for one in every
        if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Load) and one.lineno > first
    }


CHANGES = (recomputed,)
