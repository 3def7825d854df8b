"""A variable that is read after it was given another value.

Octave's variable may be another one there, or the same before that: a value that is still needed is
overwritten, or an array is changed whose old elements are still read. May import `change`,
`context`, `kept`, `rewriting` and `sources`.
"""

import ast
from collections.abc import Iterator

from lockstep.explain.changes.change import Change
from lockstep.explain.changes.context import Context
from lockstep.explain.changes.kept import OBJECTS
from lockstep.explain.changes.rewriting import extent, segment, spanning
from lockstep.sources.python_names import bound_names, whole_names

ORDER = 26
KEYS = ("statement-order",)


def read_too_late(node: ast.AST, context: Context) -> Iterator[Change]:
    """Keep the value that a variable has before a statement changes it, and read that."""
    if not isinstance(node, ast.Name) or not isinstance(node.ctx, ast.Load):
        return
    around = _statement_of(node, context)
    is_object = isinstance(context.value(node), OBJECTS)
    while isinstance(around, ast.stmt) and around is not context.evidence.function:
        for first, changed in _changed_before(around, node.id, is_object, context):
            if node.id in context.bound_before(first) and _is_indented(first, around, context):
                yield _kept_before(first, changed, around, node, context)
        above = context.parent(around)
        around = above if isinstance(above, ast.stmt) else None


def _statement_of(node: ast.AST, context: Context) -> ast.stmt | None:
    found: ast.AST | None = node
    while found is not None and not isinstance(found, ast.stmt):
        found = context.parent(found)
    return found


def _changed_before(
    around: ast.stmt, name: str, is_object: bool, context: Context
) -> Iterator[tuple[ast.stmt, ast.stmt]]:
    """Yield the statements that change a variable before it is read in another, or in a loop.

    Each with the one, in the block of the other, before which its old value is to be had. What a
    loop adds up is no such variable: of an array the parts are changed.
    """
    first: ast.stmt | None = around
    if is_object and isinstance(around, (ast.For, ast.While)):
        for changed in _changing(around, name):
            if changed is not around:
                yield around, changed
    while (first := context.beside(first, -1) if first is not None else None) is not None:
        for changed in _changing(first, name):
            yield first, changed
        if name in whole_names(first):
            return


def _changing(node: ast.stmt, name: str) -> list[ast.stmt]:
    """List the statements in one, and the one itself, that give a variable another value."""
    inner = (one for one in ast.walk(node) if isinstance(one, ast.stmt))
    return [one for one in inner if name in bound_names(one)]


def _is_indented(first: ast.stmt, last: ast.stmt, context: Context) -> bool:
    """Whether each line of some statements is indented: one of a text need not be."""
    lines = context.evidence.text.splitlines()[first.lineno - 1 : last.end_lineno]
    return all(not one.strip() or one[: first.col_offset].isspace() for one in lines)


def _kept_before(
    first: ast.stmt, changed: ast.stmt, last: ast.stmt, read: ast.Name, context: Context
) -> Change:
    text, name = context.evidence.text, read.id
    both = spanning(first, last)
    begins = extent(text, both)[0]
    start, stop = (place - begins for place in extent(text, read))
    written, kept = segment(text, both), f"{name}_before"
    while kept in context.names:
        kept += "_"
    written = written[:start] + kept + written[stop:]
    indent = "\n" + " " * first.col_offset
    is_same = name in whole_names(changed) or not isinstance(context.value(read), OBJECTS)
    lines = f"{kept} = {name}{'' if is_same else '.copy()'}{indent}{written}".replace(indent, "\n")
    octave = "Octave reads the value that it had before."
    python = f"Line {changed.lineno} gives {name} another value before line {read.lineno} reads it."
    return Change(
        "statement-order", both, None, octave, python, lines=lines, is_guess=True, about=changed
    )


CHANGES = (read_too_late,)
