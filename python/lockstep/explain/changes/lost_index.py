"""A variable that is bound as a whole where one of its elements is meant.

May import `change`, `context`, `rewriting` and `sources`.
"""

import ast
import re
from collections.abc import Iterator
from itertools import islice
from typing import Any

import numpy as np

from lockstep.explain.changes.change import Change
from lockstep.explain.changes.context import Context
from lockstep.explain.changes.rewriting import segment
from lockstep.sources.python_names import assigned_name

ORDER = 28
KEYS = ("changed-copy",)

_FIELD = re.compile(r"(?<=\w\.)[A-Za-z]\w*")

MOST_PLACES = 12
"""Places of a variable of which each is tried."""


def lost_index(node: ast.AST, context: Context) -> Iterator[Change]:
    """Give one element of a variable the value that the port gives to the whole."""
    first, target = context.evidence.first, assigned_name(node)
    if not target or first is None or not isinstance(node, ast.Assign):
        return
    own, made = first.variables.get(target), context.value(node.value)
    if not _may_hold(own, made):
        return
    text = segment(context.evidence.text, node.value)
    octave, python = "Octave changes one element of it.", f"The port binds all of {target} anew."
    places = dict.fromkeys(_places(node, target, own, context))
    for place in islice(places, MOST_PLACES):
        lines = f"{target}[{place}] = {text}"
        yield Change("changed-copy", node, None, octave, python, lines=lines, is_guess=True)


def _may_hold(own: Any, made: Any) -> bool:
    """Whether a value may be an element of another one, and not the same again."""
    if isinstance(own, dict):
        return not isinstance(made, dict)
    return isinstance(own, (np.ndarray, list)) and np.ndim(made) < np.ndim(own)


def _places(node: ast.Assign, target: str, own: Any, context: Context) -> Iterator[str]:
    """Write the places at which the statement, or the function for this variable, has elements."""
    if isinstance(own, dict):
        yield from map(repr, [*_FIELD.findall(context.octave), *own])
    beside = () if isinstance(own, dict) else ast.walk(node.value)
    yield from (ast.unparse(one.slice) for one in beside if isinstance(one, ast.Subscript))
    for one in ast.walk(context.evidence.function):
        if isinstance(one, ast.For) and node in ast.walk(one) and isinstance(one.target, ast.Name):
            yield one.target.id
        if isinstance(one, ast.Subscript) and isinstance(one.value, ast.Name):
            yield from [ast.unparse(one.slice)] if one.value.id == target else []


CHANGES = (lost_index,)
