"""Whole values that stand for something else: zeros, a default.

May import `change`, `context`, `nodes_of_tree` and `sources`.
"""

import ast
from collections.abc import Iterator
from typing import Any

import numpy as np

from lockstep.explain.changes.change import Change
from lockstep.explain.changes.context import Context
from lockstep.explain.nodes_of_tree import functions_of
from lockstep.sources.parameters import constants_compared_with, defaults_of

ORDER = 35
KEYS = (
    "default",
    "start-value",
)


MOST_NUMBERS = 16
"""Numbers of a default that are written out."""


def zeros(node: ast.AST, context: Context) -> Iterator[Change]:
    """Octave starts from zeros, or ones."""
    if node is not context.evidence.expression or not isinstance(node, ast.expr):
        return
    first = context.evidence.first
    if first is None or not isinstance(first.own, np.ndarray) or not context.np:
        return
    octave_value: Any = np.asarray(first.octave)
    if octave_value.dtype.kind not in "biufc" or octave_value.size != first.own.size:
        return
    for name, one in (("zeros", 0), ("ones", 1)):
        if octave_value.size and np.all(octave_value == one):
            new = context.make(f"np.{name}_like(X)", X=_of_same_size(node, first.own, context))
            octave = f"All elements are {one} in Octave."
            yield Change("start-value", node, new, octave, "They are computed here.")


def _of_same_size(node: ast.expr, value: np.ndarray[Any, Any], context: Context) -> ast.expr:
    """Return a variable in an expression that has its size; the expression where none has."""
    for part in ast.walk(node):
        if isinstance(part, ast.Name):
            array = context.array(part)
            if array is not None and (array.shape, array.dtype) == (value.shape, value.dtype):
                return part
    return node


def default(node: ast.AST, context: Context) -> Iterator[Change]:
    """Give a parameter the default that Octave has."""
    if node is not context.evidence.expression or not isinstance(node, ast.expr):
        return
    if node not in context.evidence.function.args.defaults:
        return
    first = context.evidence.first
    value: Any = None if first is None else first.octave
    written = _written(value, node)
    if written:
        new = ast.parse(written, mode="eval").body
        octave, python = f"Octave's default is {written}.", f"The port's is {ast.unparse(node)}."
        yield Change("default", node, new, octave, python)


def _written(value: Any, own: ast.expr) -> str:
    """Write a text, a number or a few numbers as a default of the port's form; empty for others."""
    if isinstance(value, np.ndarray) and value.dtype.kind in "biuf":
        flat = value.ravel(order="F").tolist()
        if isinstance(own, (ast.Tuple, ast.List)) and 0 < len(flat) <= MOST_NUMBERS:
            items = ", ".join(_written(one, own) for one in flat)
            tail = "," if len(flat) == 1 else ""
            return f"[{items}]" if isinstance(own, ast.List) else f"({items}{tail})"
        value = flat[0] if len(flat) == 1 else None
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return repr(value) if isinstance(value, (str, int, float)) else ""


def other_default(node: ast.AST, context: Context) -> Iterator[Change]:
    """Give a parameter a default that parameters of its name have, or are compared with."""
    name, first = _parameter(node, context), context.evidence.first
    if not name or not isinstance(node, ast.expr) or first is None or first.octave is not None:
        return
    own = ast.unparse(node)
    for text in dict.fromkeys(_known(name, context.evidence.tree)):
        if text != own:
            octave = f"Without {name} Octave does what the port does with {text}."
            python = f"The port takes {own}."
            new = ast.parse(text, mode="eval").body
            yield Change("default", node, new, octave, python, is_guess=True)


def _parameter(node: ast.AST, context: Context) -> str:
    """Name the parameter that an expression is the default of; empty for none."""
    defaults = defaults_of(context.evidence.function)
    return next((name for name, one in defaults if one is node), "")


def _known(name: str, tree: ast.Module) -> Iterator[str]:
    """Write the defaults that the parameters of a name have, and what is compared with these."""
    yield "None"
    for function in functions_of(tree):
        if any(one.arg == name for one in ast.walk(function.args) if isinstance(one, ast.arg)):
            yield from (ast.unparse(value) for one, value in defaults_of(function) if one == name)
            yield from (repr(one) for one in constants_compared_with(name, function))


CHANGES = (zeros, default, other_default)
