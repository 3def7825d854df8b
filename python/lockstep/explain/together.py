"""One slip at several places at once: who makes it makes it wherever the port does the same.

May import `slips`, `nodes_of_tree` and `sources`.
"""

import ast
import re
from collections.abc import Container, Hashable, Iterable, Iterator, Sequence
from dataclasses import replace

from lockstep.explain.nodes_of_tree import place_of
from lockstep.explain.slips import Slip
from lockstep.sources.python_names import name_of

_NAME = re.compile(r"\bid='(\w+)'")

MOST_PLACES = 12
"""Calls of a function at all of which a change is made."""


def at_each_call(found: Sequence[Slip]) -> Iterator[Slip]:
    """Make a change of a call, which says why it is right, at each call of the function.

    Who reshapes row by row does so each time.
    """
    groups: dict[tuple[Hashable, ...], list[Slip]] = {}
    for one in found:
        change = one.change
        if isinstance(change.old, ast.Call) and change.new is not None and not change.is_guess:
            rule = change.key, change.octave_rule, name_of(change.old)
            groups.setdefault((one.evidence.file, *rule), []).append(one)
    return _together(groups.values())


def at_each_read(found: Sequence[Slip]) -> Iterator[Slip]:
    """Make a change wherever a statement does the same, not at one of the places alone.

    So it reads another variable, or takes the blocks of matrices that two lists of indices choose.
    """
    groups: dict[tuple[Hashable, ...], list[Slip]] = {}
    for one in found:
        old, new, where = one.change.old, one.change.new, (one.evidence.file, one.statement.number)
        if one.change.key == "variable" and isinstance(old, ast.Name) and isinstance(new, ast.Name):
            groups.setdefault((*where, old.id, new.id), []).append(one)
        elif one.change.key == "mesh":
            groups.setdefault((*where, one.change.octave_rule), []).append(one)
    return _together(groups.values())


def _together(groups: Iterable[Sequence[Slip]]) -> Iterator[Slip]:
    """Join the slips of each group, which are the same at several places, into one."""
    for every in groups:
        places = {place_of(one.change.old): one for one in every}
        first, *others = (places[place] for place in sorted(places))
        if 0 < len(others) < MOST_PLACES:
            yield replace(first, also=tuple(one.change for one in others))


def at_each_copy(found: Sequence[Slip]) -> Iterator[Slip]:
    """Make a change wherever a statement, or a function, has the same with other variables."""
    groups: dict[tuple[Hashable, ...], list[Slip]] = {}
    for one in found:
        change = one.change
        if change.new is None or change.lines or change.key == "variable":
            continue
        known = one.evidence.live
        names: dict[str, str] = {}
        form = tuple(_form(part, names, known) for part in (change.old, change.new))
        for where in (one.statement.number, one.statement.function):
            groups.setdefault((one.evidence.file, where, change.key, *form), []).append(one)
    for slip in _together(groups.values()):
        yield replace(slip, level=slip.level + 1)  # one change of one place is likelier


def _form(node: ast.AST, names: dict[str, str], known: Container[str]) -> str:
    """Write a tree with its variables numbered in the order in which they come."""

    def numbered(found: re.Match[str]) -> str:
        name = found[1]
        return name if name in known else names.setdefault(name, str(len(names)))

    return _NAME.sub(numbered, ast.dump(node))
