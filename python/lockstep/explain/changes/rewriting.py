"""Changes written into the source: only the characters of what is changed are replaced.

May import `change`, `nodes_of_tree` and `sources`.
"""

import ast
import contextlib
import functools
import re
from collections.abc import Iterator, Mapping
from functools import partial
from itertools import accumulate, chain, product
from typing import Any

from lockstep.explain.changes.change import Change, Where
from lockstep.explain.nodes_of_tree import parents_of, rebuilt
from lockstep.sources.python_names import first_line

_PLACEHOLDER = "lockstep_kept_{}_"
_QUOTED = re.compile(r"'([^'\"\\]*)'")
_ATOMS = (
    ast.Name, ast.Constant, ast.Call, ast.Subscript, ast.Attribute, ast.List, ast.Dict, ast.Set,
    ast.ListComp, ast.JoinedStr,
)  # fmt: skip


class RewriteError(Exception):
    """A change cannot be written into the source."""


def offset(text: str, line: int, column: int) -> int:
    """Return the place in a text of a line, from 1, and a column in UTF-8 bytes."""
    lines, begins = _lines(text)
    before = lines[line - 1].encode()[:column].decode(errors="replace")
    return begins[line - 1] + len(before)


@functools.lru_cache(maxsize=4)
def _lines(text: str) -> tuple[list[str], list[int]]:
    """Split a text into lines, and say where each begins."""
    lines = text.splitlines(keepends=True)
    return lines, [0, *accumulate(map(len, lines))]


def extent(text: str, node: ast.AST) -> tuple[int, int]:
    """Return where in a text a node begins and ends."""
    begins = offset(text, node.lineno, node.col_offset)  # type: ignore[attr-defined]
    return begins, offset(text, node.end_lineno, node.end_col_offset)  # type: ignore[attr-defined]


def segment(text: str, node: ast.AST) -> str:
    """Return the text of a node."""
    begins, ends = extent(text, node)
    return text[begins:ends]


def spanning(one: ast.stmt, other: ast.stmt) -> ast.stmt:
    """Return a node that stands where two statements, and those between them, stand."""
    made = ast.copy_location(ast.Pass(), one)
    made.end_lineno, made.end_col_offset = other.end_lineno, other.end_col_offset
    return made


def written_out(
    tree: ast.AST, bound: Mapping[str, ast.expr], old: ast.AST, new: ast.expr
) -> ast.AST | None:
    """Write a constant out where it is read, changed; None where `old` is in none that is read."""
    for name, value in bound.items():
        if any(node is old for node in ast.walk(value)):
            read = [n for n in ast.walk(tree) if isinstance(n, ast.Name) and n.id == name]
            return substituted(tree, read[0], substituted(value, old, new)) if read else None
    return None


def rewritten(text: str, tree: ast.Module, change: Change) -> str:
    """Return the source with a change.

    Raises
    ------
    RewriteError
        If the text would not mean what the change means.
    """
    if change.new is not None:
        return _expression_rewritten(text, tree, *narrowed(change.old, change.new))
    return _statement_rewritten(text, change)


def _expression_rewritten(text: str, tree: ast.Module, old: ast.AST, new: ast.expr) -> str:
    top = next(node for node in tree.body if _holds(node, old))
    wanted, start, stop = _checked(text, tree, top, old, new)
    begins, ends = extent(text, old)
    places = [(begins, ends)]
    if text[begins - 1 : begins] == "(" and text[ends : ends + 1] == ")":
        places.insert(0, (begins - 1, ends + 1))  # brackets that are needed no more
    likeliest = ((one,) for one in (*_raw(text[begins:ends], new), *_grown(text, old, new)))
    for ways in chain(likeliest, map(partial(_in_brackets, new), _spellings(text, top, new))):
        for spelling, (first, last) in product(ways, places):
            found = text[start:first] + spelling + text[last:stop]
            try:
                made = ast.parse(found).body
            except SyntaxError:
                continue
            if len(made) == 1 and ast.dump(made[0]) == wanted:
                return text[:start] + found + text[stop:]
    raise RewriteError


def _checked(
    text: str, tree: ast.Module, top: ast.stmt, old: ast.AST, new: ast.expr
) -> tuple[str, int, int]:
    """Return what is to be read again once it is written, and where it begins and ends.

    It is the statement alone, where nothing is under it: to read a whole function takes its time.
    """
    parents, around = parents_of(tree), old
    while not isinstance(around, ast.stmt):
        around = parents.get(id(around), top)
    if around is top or hasattr(around, "body") or isinstance(around, ast.Match):
        begins, ends = offset(text, first_line(top), 0), extent(text, top)[1]
        return ast.dump(substituted(top, old, new)), begins, ends
    return ast.dump(substituted(around, old, new)), *extent(text, around)


def _in_brackets(new: ast.expr, written: str) -> tuple[str, ...]:
    bare = written[1:-1] if isinstance(new, ast.Tuple) else written
    return bare, written, f"({written})"


def _raw(before: str, new: ast.expr) -> Iterator[str]:
    """Write a text with the quotes of a raw one whose place it takes."""
    opening = re.match(r"[rR]([\"'])(?!\1\1)", before)
    if opening is not None and isinstance(new, ast.Constant) and isinstance(new.value, str):
        yield f"{opening[0]}{new.value}{opening[1]}"


def _grown(text: str, old: ast.AST, new: ast.expr) -> Iterator[str]:
    """Write a display that has one more element with the others, and their lines, as they are."""
    if type(old) is not type(new) or not isinstance(old, (ast.List, ast.Tuple, ast.Dict)):
        return
    before, after = (_elements(one) for one in (old, new))
    if len(after) != len(before) + 1:
        return
    same = (i for i, one in enumerate(before) if one[0] is not after[i][0])
    place = next(same, len(before))
    written = ": ".join(ast.unparse(part) for part in after[place])
    begins, ends = extent(text, old)
    if place < len(before):
        at = extent(text, before[place][0])[0]
        yield f"{text[begins:at]}{written}, {text[at:ends]}"
    elif before:
        at = extent(text, before[-1][-1])[1]
        yield f"{text[begins:at]}, {written}{text[at:ends]}"


def _elements(node: ast.AST) -> list[tuple[ast.expr, ...]]:
    if isinstance(node, ast.Dict):
        return [(key, value) for key, value in zip(node.keys, node.values, strict=True) if key]
    return [(one,) for one in node.elts]  # type: ignore[attr-defined]


def _holds(node: ast.stmt, inner: ast.AST) -> bool:
    """Whether a statement of the module has a node in it."""
    line: int = inner.lineno  # type: ignore[attr-defined]
    return first_line(node) <= line and line <= (node.end_lineno or node.lineno)


def narrowed(old: ast.AST, new: ast.expr) -> tuple[ast.AST, ast.expr]:
    """Return the smallest part of an expression in which it differs from another."""
    if type(old) is not type(new) or isinstance(old, ast.JoinedStr):
        return old, new
    apart: list[tuple[Any, Any]] = []
    for name, one in ast.iter_fields(old):
        other = getattr(new, name)
        if isinstance(one, list):
            if len(one) != len(other):
                return old, new
            apart += [pair for pair in zip(one, other, strict=True) if not _is_same(*pair)]
        elif not _is_same(one, other):
            apart.append((one, other))
    if len(apart) == 1 and all(isinstance(one, ast.keyword) for one in apart[0]):
        one, other = apart[0]
        if one.arg == other.arg:
            return narrowed(one.value, other.value)
    if isinstance(old, ast.Subscript) and apart and isinstance(apart[0][1], ast.Tuple):
        return (old, new) if not isinstance(apart[0][0], ast.Tuple) else _narrowed_index(old, new)
    if len(apart) == 1 and all(isinstance(one, ast.expr) for one in apart[0]):
        return narrowed(*apart[0])
    return old, new


def _narrowed_index(old: ast.Subscript, new: ast.expr) -> tuple[ast.AST, ast.expr]:
    """Narrow a change of an index of several parts, which are nothing without the brackets."""
    assert isinstance(new, ast.Subscript)
    one, other = narrowed(old.slice, new.slice)
    return (old, new) if isinstance(other, ast.Tuple) else (one, other)


def _is_same(one: Any, other: Any) -> bool:
    if isinstance(one, ast.AST) and isinstance(other, ast.AST):
        return ast.dump(one) == ast.dump(other)
    return type(one) is type(other) and bool(one == other)


def _spellings(text: str, top: ast.stmt, new: ast.expr) -> Iterator[str]:
    """Write an expression, its parts that are in the statement as they stand there."""
    own = {id(node) for node in ast.walk(top)}
    kept: list[ast.AST] = []

    class Keeper(ast.NodeTransformer):
        def visit(self, node: ast.AST) -> ast.AST:
            if isinstance(node, ast.JoinedStr):
                return node
            if id(node) in own and isinstance(node, ast.expr):
                kept.append(node)
                return ast.Name(_PLACEHOLDER.format(len(kept) - 1), ast.Load())
            found: ast.AST = super().visit(node)
            return found

    plain = ast.unparse(Keeper().visit(_shallow(new, own)))
    plain = _QUOTED.sub(r'"\1"', plain)
    for bracketed in (False, True):
        found = plain
        for number, node in enumerate(kept):
            part = segment(text, node)
            if bracketed and not isinstance(node, _ATOMS):
                part = f"({part})"
            found = found.replace(_PLACEHOLDER.format(number), part)
        yield found
    yield _QUOTED.sub(r'"\1"', ast.unparse(new))
    yield ast.unparse(new)


def _shallow(node: ast.AST, own: set[int]) -> ast.AST:
    """Copy a tree, but not the nodes of the source in it."""
    if id(node) in own and isinstance(node, ast.expr):
        return node
    return rebuilt(node, lambda child: _shallow(child, own))


def substituted(tree: ast.AST, old: ast.AST, new: ast.AST) -> ast.AST:
    """Return a copy of a tree with one node exchanged for another."""
    return exchanged(tree, {id(old): new})


def exchanged(tree: ast.AST, new: Mapping[int, ast.AST]) -> ast.AST:
    """Return a copy of a tree with some nodes, by their `id`, exchanged for others.

    So are those inside what stands in the place of one.
    """
    if id(tree) in new:
        rest = {key: one for key, one in new.items() if key != id(tree)}
        return exchanged(new[id(tree)], rest) if rest else new[id(tree)]
    return rebuilt(tree, lambda child: exchanged(child, new))


def _statement_rewritten(text: str, change: Change) -> str:
    begins, ends = extent(text, change.old)
    start = text.rfind("\n", 0, begins) + 1
    indent = text[start:begins]
    if indent.strip():
        raise RewriteError  # another statement stands before it on the line
    lines = re.sub(r"\n(?=[^\n])", "\n" + indent, change.lines)
    if change.where is Where.IN_PLACE and not lines:
        return _without(text, start, begins, ends)
    if change.where is Where.IN_PLACE:
        found = text[:begins] + lines + text[ends:]
    elif change.where is Where.BEFORE:
        found = text[:begins] + lines + "\n" + indent + text[begins:]
    else:
        stop = text.find("\n", ends)
        stop = len(text) if stop < 0 else stop
        if text[ends:stop].strip().startswith(";"):
            raise RewriteError
        found = text[:stop] + "\n" + indent + lines + text[stop:]
    try:
        ast.parse(found)
    except SyntaxError as error:
        raise RewriteError from error
    return found


def _without(text: str, start: int, begins: int, ends: int) -> str:
    """Return a text without a statement; where its block is nothing without it, pass stands there.

    Raises
    ------
    RewriteError
        If more than a remark is behind it on its line.
    """
    stop = text.find("\n", ends)
    stop = len(text) if stop < 0 else stop + 1
    if text[ends:stop].strip() and not text[ends:stop].lstrip().startswith("#"):
        raise RewriteError
    for found in (text[:start] + text[stop:], text[:begins] + "pass" + text[ends:]):
        with contextlib.suppress(SyntaxError):
            ast.parse(found)
            return found
    raise RewriteError
