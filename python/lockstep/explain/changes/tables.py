"""Tables that are written out: an entry that is lacking.

What Octave's files have is known to `explain.tables` alone, which calls this. May import `change`
and `context`.
"""

import ast
from collections.abc import Iterator, Sequence
from itertools import islice, product

from lockstep.explain.changes.change import Change
from lockstep.explain.changes.context import Context, constant, number

ORDER = 35
KEYS = ("lost-entry",)

FEWEST = 3
"""Entries from which on it is a table."""

MOST_MADE = 12
"""Entries that are made of the constants that Octave has and the port has not."""


def lost_entry(node: ast.AST, context: Context, written: Sequence[float | str]) -> Iterator[Change]:
    """Put an entry into a table that is made of what is written in Octave, and not in the port."""
    keys = _keys(node)
    if len(keys) < FEWEST:
        return
    octave, python = "Octave has one more, {}.", "The table lacks an entry."
    for entry in islice(_entries(node, context, written), MOST_MADE):
        for place in _places(keys, _parts(entry[0])):
            made = _with_entry(node, entry, place)
            said = octave.format(": ".join(map(ast.unparse, entry)))
            yield Change("lost-entry", node, made, said, python, is_guess=True)


def _keys(node: ast.AST) -> list[tuple[object, ...]]:
    """List what the entries of a table are found by; nothing where they are not all alike."""
    if isinstance(node, ast.Dict):
        keys = [_parts(one) for one in node.keys if one is not None]
        entries = [_parts(one) for one in node.values]
    elif isinstance(node, (ast.List, ast.Tuple)):
        keys = entries = [_parts(one) for one in node.elts]
    else:
        return []
    kinds = {tuple(map(type, one)) for one in keys} | {(len(one),) for one in entries}
    return keys if len(kinds) == 2 and all(keys) and all(entries) else []


def _parts(node: ast.expr) -> tuple[object, ...]:
    """Return the constants that an entry is made of; nothing where it is not of constants."""
    is_several = isinstance(node, (ast.Tuple, ast.List))
    parts = node.elts if isinstance(node, (ast.Tuple, ast.List)) else [node]
    found = tuple(constant(one) for one in parts)
    is_plain = all(isinstance(one, (bool, int, float, str)) for one in found)
    return found if is_plain and len(found) != is_several else ()


def _entries(
    node: ast.AST, context: Context, written: Sequence[float | str]
) -> Iterator[tuple[ast.expr, ...]]:
    """Make entries like those that are there, of the constants that only Octave has."""
    if isinstance(node, ast.Dict):
        wholes: list[ast.expr] = [node.keys[0], node.values[0]]  # type: ignore[list-item]
    else:
        wholes = [node.elts[0]]  # type: ignore[attr-defined]
    kinds = [type(part) for whole in wholes for part in _parts(whole)]
    for parts in product(*(_only_in_octave(kind, context, written) for kind in kinds)):
        left = list(parts)
        made: list[ast.expr] = []
        for whole in wholes:
            if isinstance(whole, (ast.Tuple, ast.List)):
                made.append(type(whole)([left.pop(0) for _ in whole.elts], ast.Load()))
            else:
                made.append(left.pop(0))
        yield tuple(made)


def _only_in_octave(kind: type, context: Context, written: Sequence[float | str]) -> list[ast.expr]:
    own = {one.value for one in ast.walk(context.evidence.tree) if isinstance(one, ast.Constant)}
    if kind is str:
        return [ast.Constant(one) for one in written if isinstance(one, str) and one not in own]
    found = [one for one in written if not isinstance(one, str) and one not in own]
    whole = [one for one in found if kind is not int or one.is_integer()]
    return [number(int(one) if kind is int else one) for one in whole]


def _places(keys: Sequence[tuple[object, ...]], new: tuple[object, ...]) -> list[int]:
    """Say where an entry may stand: where the order of the numbers is kept, else at the end."""
    first = [one[0] for one in keys]
    if not all(isinstance(one, (int, float)) for one in [*first, new[0]]):
        return [len(keys)]
    for order in (sorted(first), sorted(first, reverse=True)):  # type: ignore[type-var]
        if first == order:
            whole = sorted([*first, new[0]], reverse=order[0] > order[-1])  # type: ignore
            return [whole.index(new[0])]
    return list(range(len(keys) + 1))


def _with_entry(node: ast.AST, entry: tuple[ast.expr, ...], place: int) -> ast.expr:
    if isinstance(node, ast.Dict):
        keys, values = list(node.keys), list(node.values)
        keys.insert(place, entry[0])
        values.insert(place, entry[1])
        return ast.Dict(keys, values)
    assert isinstance(node, (ast.List, ast.Tuple))
    elements = list(node.elts)
    elements.insert(place, entry[0])
    return type(node)(elements, ast.Load())
