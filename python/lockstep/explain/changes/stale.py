"""What was computed of a variable before this changed: it is to be computed anew.

May import `change`, `context`, `written` and `sources`.
"""

import ast
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from lockstep.explain.changes.change import Change, Where
from lockstep.explain.changes.context import Context, bound_name, called
from lockstep.explain.changes.written import SIMPLE, written
from lockstep.sources.python_names import bound_names, dotted_base, read_names

ORDER = 33
KEYS = ("missing-statement", "statement-order")

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
        name, of = bound_name(one), min(changed & read_names(one.value))
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
    name, read = bound_name(statement), read_names(statement.value)
    return name != "" and name not in changed | read and not changed.isdisjoint(read)


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


def measured(node: ast.AST, context: Context) -> Iterator[Change]:
    """Measure an array where its size is read that was measured before it changed."""
    if not isinstance(node, ast.Name) or not isinstance(node.ctx, ast.Load):
        return
    for line, size in _sizes(context.evidence.function).get(node.id, ()):
        if line < node.lineno:
            octave = f"Octave measures {_array_in(size)} here."
            python = f"The port's {node.id} is of it before it changed."
            yield Change("statement-order", node, size, octave, python, is_guess=True)


@lru_cache(maxsize=32)
def _sizes(function: ast.AST) -> Mapping[str, Sequence[tuple[int, ast.expr]]]:
    """Find the variables that hold a size of an array that is bound anew later: line, and size."""
    every = [one for one in ast.walk(function) if isinstance(one, ast.stmt)]
    last: dict[str, int] = {}
    for one in sorted(every, key=lambda one: one.lineno):
        last.update(dict.fromkeys(bound_names(one), one.lineno))
    found: dict[str, list[tuple[int, ast.expr]]] = {}
    for one in every:
        if not isinstance(one, ast.Assign):
            continue
        for name in bound_names(one):
            size = _size_in(one, name)
            if size is not None and last.get(_array_in(size), 0) > one.lineno:
                found.setdefault(name, []).append((one.lineno, size))
    return found


def _array_in(size: ast.expr) -> str:
    """Name the array of which something is the size."""
    if isinstance(size, ast.Call):
        return dotted_base(size.args[0]) if size.args else ""
    return dotted_base(size.value if isinstance(size, ast.Subscript) else size)


def _size_in(statement: ast.Assign, name: str) -> ast.expr | None:
    """Return the size of an array that a statement gives a variable; None for anything else."""
    (target, *_), value = statement.targets, statement.value
    if isinstance(target, ast.Tuple) and isinstance(value, ast.Attribute) and value.attr == "shape":
        places = [place for place, one in enumerate(target.elts) if ast.unparse(one) == name]
        index = ast.Constant(places[0]) if places else None
        return ast.Subscript(value, index, ast.Load()) if index is not None else None
    whole = value.value if isinstance(value, ast.Subscript) else value
    is_size = isinstance(whole, ast.Attribute) and whole.attr in ("shape", "size", "ndim")
    is_size = is_size or called(value) == "len"
    return value if is_size and ast.unparse(target) == name else None


CHANGES = (recomputed, measured)
