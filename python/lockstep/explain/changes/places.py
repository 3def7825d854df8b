"""Places: of a choice of places, by several indices at once, up to where a list is taken.

May import `change`, `context`, `indices` and `sources`.
"""

import ast
from collections.abc import Iterator

import numpy as np

from lockstep.explain.changes.change import Change
from lockstep.explain.changes.context import Context, called
from lockstep.explain.changes.indices import is_whole_number, shifted_by
from lockstep.sources.python_names import bound_names

ORDER = 14
KEYS = ("lost-term", "off-by-one", "variable")

MOST_VARIABLES = 40
"""Variables among which one is looked for that says how much is taken."""


def lost_cuts(node: ast.AST, context: Context) -> Iterator[Change]:
    """Take of a list, a text or a vector that is handed on whole as much as a variable says."""
    first, around = context.evidence.first, context.parent(node)
    if not isinstance(node, ast.Name) or not isinstance(node.ctx, ast.Load) or first is None:
        return
    whole = context.value(node)
    is_vector = isinstance(whole, np.ndarray) and whole.ndim == 1
    if not isinstance(around, (ast.Assign, ast.Return, ast.Call)) or not (
        is_vector or isinstance(whole, (list, str, tuple))
    ):
        return
    for name, value in [*first.variables.items()][:MOST_VARIABLES]:
        if is_whole_number(value) and 0 < value < len(whole):
            new = ast.Subscript(node, ast.Slice(None, ast.Name(name, ast.Load())), ast.Load())
            octave, python = "Octave takes a part of it.", "The port takes the whole."
            yield Change("lost-term", node, new, octave, python, is_guess=True)


def places_in(node: ast.AST, context: Context) -> Iterator[Change]:
    """Take the place that a place in a choice of places stands for."""
    first = context.evidence.first
    if first is None or not isinstance(node, ast.Call) or called(node) not in ("argmin", "argmax"):
        return
    given = context.arguments(node)
    size = np.size(context.value(given[0])) if given else -1
    for name, value in first.variables.items():
        is_choice = isinstance(value, np.ndarray) and value.dtype.kind in "iu"
        if is_choice and value.shape == (size,):
            new = ast.Subscript(ast.Name(name, ast.Load()), node, ast.Load())
            octave = f"Octave's place is that in the whole, of those that {name} lists."
            python = f"{called(node)} gives the place among those of {name}."
            yield Change("variable", node, new, octave, python)


def through_choice(node: ast.AST, context: Context) -> Iterator[Change]:
    """Take the places that a choice lists, where the port takes the places in the choice."""
    first, around = context.evidence.first, context.parent(node)
    if first is None or not isinstance(node, ast.Name) or not isinstance(around, ast.Subscript):
        return
    index = context.value(node)
    if around.slice is not node or not _is_index(index) or not np.size(index):
        return
    for name, value in [*first.variables.items()][:MOST_VARIABLES]:
        is_choice = isinstance(value, np.ndarray) and value.ndim == 1 and _is_index(value)
        if is_choice and name != node.id and value.size > int(np.max(index)):
            new = ast.Subscript(ast.Name(name, ast.Load()), node, ast.Load())
            octave = f"Octave's places are those that {name} lists."
            python = f"The port takes {node.id}, which are places in {name}, for them."
            is_guess = not _is_made_in(node.id, name, context)
            yield Change("variable", node, new, octave, python, is_guess=is_guess)


def _is_made_in(index: str, choice: str, context: Context) -> bool:
    """Whether a variable is found among elements that another one chooses."""
    return any(
        isinstance(part, ast.Subscript)
        and any(isinstance(one, ast.Name) and one.id == choice for one in ast.walk(part.slice))
        for one in ast.walk(context.evidence.function)
        if isinstance(one, ast.Assign) and index in bound_names(one)
        for part in ast.walk(one.value)
    )


def all_indices(node: ast.AST, context: Context) -> Iterator[Change]:
    """Count each of several indices from another base: who forgets it does so for all of them."""
    around = context.parent(node)
    if not isinstance(node, ast.Tuple) or not isinstance(around, ast.Subscript):
        return
    parts = node.elts
    indices = [one for one in parts if not isinstance(one, (ast.Slice, ast.Constant))]
    if len(indices) < 2 or not all(_is_index(context.value(one)) for one in indices):
        return
    for by in (-1, 1):
        moved = [shifted_by(one, by) if one in indices else one for one in parts]
        octave = "Octave counts places from 1."
        python = f"The port's indices are one too {'small' if by > 0 else 'large'}."
        new = ast.Tuple(moved, ast.Load())
        yield Change("off-by-one", node, new, octave, python, is_guess=True)


def _is_index(value: object) -> bool:
    """Whether a value is a place, or an array of places."""
    return np.asarray(value).dtype.kind in "iu"


CHANGES = (lost_cuts, places_in, through_choice, all_indices)
