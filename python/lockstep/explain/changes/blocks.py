"""What is in a loop, or under a condition, and what is before or behind it.

May import `change`, `context`, `rewriting` and `written`.
"""

import ast
from collections.abc import Iterator

from lockstep.explain.changes.change import Change, Where
from lockstep.explain.changes.context import Context, called
from lockstep.explain.changes.rewriting import spanning
from lockstep.explain.changes.written import SIMPLE, last_line, written

ORDER = 25
KEYS = ("indentation", "missing-statement")

_LOOPS = (ast.For, ast.While)
_JUMPS = (ast.Return, ast.Break, ast.Continue, ast.Raise)


def out_of_it(node: ast.AST, context: Context) -> Iterator[Change]:
    """Move the last statement of a loop, or of what a condition leads to, behind it."""
    if not isinstance(node, (*_LOOPS, ast.If)) or not _is_indented(node):
        return
    lines = written(node, context).split("\n")
    for body in _bodies(node):
        last = body[-1]
        if len(body) < 2 or last.lineno <= last_line(body[-2]):
            continue
        if isinstance(last, _JUMPS) and not isinstance(last, ast.Return):
            continue
        begin, end = last.lineno - node.lineno, last_line(last) - node.lineno + 1
        moved = [*lines[:begin], *lines[end:], *written(last, context).split("\n")]
        octave, python = "Octave does this in any case.", "It is done under a condition only."
        if isinstance(node, _LOOPS):
            octave, python = "Octave does this once, after the loop.", "Each turn does it."
        yield Change(
            "indentation", node, None, octave, f"It is indented. {python}", is_guess=True,
            lines="\n".join(moved), about=last,
        )  # fmt: skip


def into_it(node: ast.AST, context: Context) -> Iterator[Change]:
    """Move the statement behind a loop or an if into it, to the end of any block that ends it."""
    after = context.beside(node)
    if not isinstance(node, (*_LOOPS, ast.If)) or not isinstance(after, (*SIMPLE, ast.If)):
        return
    lines = written(node, context).split("\n")
    for last, is_loop in _ends(node):
        indent = " " * (last.col_offset - node.col_offset)
        place = last_line(last) - node.lineno + 1
        moved = [indent + line for line in written(after, context).split("\n")]
        octave, python = "Octave does this under a condition.", "it is always done."
        if is_loop:
            octave = "Octave does this at each turn of the loop."
            python = "it is done once, after the loop."
        yield Change(
            "indentation", spanning(node, after), None, octave, f"It is not indented: {python}",
            is_guess=True, lines="\n".join([*lines[:place], *moved, *lines[place:]]), about=after,
        )  # fmt: skip


def _bodies(node: ast.stmt) -> Iterator[list[ast.stmt]]:
    """Yield the blocks of a statement, of an if that of its else, too, where that is no elif."""
    yield node.body  # type: ignore[attr-defined]
    other = node.orelse if isinstance(node, ast.If) else []
    if other and other[0].col_offset > node.col_offset:
        yield other


def _is_indented(node: ast.stmt) -> bool:
    """Whether a block stands on lines of its own."""
    body: list[ast.stmt] = node.body  # type: ignore[attr-defined]
    return body[0].lineno > node.lineno and not (isinstance(node, _LOOPS) and node.orelse)


def _ends(node: ast.stmt) -> Iterator[tuple[ast.stmt, bool]]:
    """Yield the last statements of the blocks that end a statement; whether these are loops."""
    if not _is_indented(node):
        return
    for body in _bodies(node):
        last = body[-1]
        if not isinstance(last, _JUMPS):
            yield last, isinstance(node, _LOOPS)
        if isinstance(last, (*_LOOPS, ast.If)):
            yield from _ends(last)


def before_the_loop(node: ast.AST, context: Context) -> Iterator[Change]:
    """Move the first statement of a loop before it, or the one before it into the loop."""
    if not isinstance(node, _LOOPS) or node.body[0].lineno == node.lineno:
        return
    first, before = node.body[0], context.beside(node, -1)
    loop = written(node, context).split("\n")
    place = first.lineno - node.lineno
    if len(node.body) > 1 and isinstance(first, ast.Assign):
        rest = loop[node.body[1].lineno - node.lineno :]
        yield Change(
            "indentation", node, None, "Octave does this once, before the loop.",
            "It is in the loop, so that each turn does it.",
            lines="\n".join([*written(first, context).split("\n"), *loop[:place], *rest]),
            is_guess=True, about=first,
        )  # fmt: skip
    if isinstance(before, ast.Assign):
        yield Change(
            "indentation", spanning(before, node), None,
            "Octave does this at each turn of the loop.",
            "It is done once, before the loop.",
            lines=_with_before(node, first, before, context), is_guess=True, about=before,
        )  # fmt: skip


def before_the_if(node: ast.AST, context: Context) -> Iterator[Change]:
    """Move the statement before an if into one of its blocks: it is done in one case only."""
    before = context.beside(node, -1) if isinstance(node, ast.If) else None
    if not isinstance(node, ast.If) or not isinstance(before, SIMPLE) or not _is_indented(node):
        return
    for first, *_ in _bodies(node):
        yield Change(
            "indentation", spanning(before, node), None, "Octave does this under a condition.",
            "It is not indented: it is always done.", is_guess=True, about=before,
            lines=_with_before(node, first, before, context),
        )  # fmt: skip


def _with_before(node: ast.stmt, first: ast.stmt, before: ast.stmt, context: Context) -> str:
    """Write a statement with the one before it at the beginning of one of its blocks."""
    lines = written(node, context).split("\n")
    place, indent = first.lineno - node.lineno, " " * (first.col_offset - node.col_offset)
    moved = [indent + line for line in written(before, context).split("\n")]
    return "\n".join([*lines[:place], *moved, *lines[place:]])


def once_more(node: ast.AST, context: Context) -> Iterator[Change]:
    """Collect once more, behind a loop, what it collects under a condition: the last one."""
    if not isinstance(node, _LOOPS) or not _is_indented(node):
        return
    after = context.beside(node)
    place, where = (node, Where.AFTER) if after is None else (after, Where.BEFORE)
    for one in node.body:
        if not isinstance(one, ast.If):
            continue
        for last in (kept for body in _bodies(one) for kept in body if _collects(kept)):
            yield Change(
                "missing-statement", place, None, "Octave does this once more, after the loop.",
                "What the loop ends with is lost.", lines=written(last, context), where=where,
                is_guess=True, about=after,
            )  # fmt: skip


def _collects(node: ast.stmt) -> bool:
    """Whether a statement puts something into a list or a set, or gives it."""
    if not isinstance(node, ast.Expr):
        return False
    return isinstance(node.value, ast.Yield) or called(node.value) in ("append", "add", "extend")


CHANGES = (out_of_it, into_it, before_the_loop, before_the_if, once_more)
