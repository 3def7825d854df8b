"""What a call is given: its arguments the other way round, fewer than Octave's, or zero.

May import `change`, `context` and `sides`.
"""

import ast
import inspect
from collections.abc import Iterator
from types import FunctionType

import numpy as np

from lockstep.explain.changes.change import Change
from lockstep.explain.changes.context import Context, called, constant, with_arguments
from lockstep.sides.keeping import fields_of

ORDER = 31
KEYS = ("sign",)

MOST_VARIABLES = 12


def swapped(node: ast.AST, context: Context) -> Iterator[Change]:
    """Exchange two arguments that follow each other, or a method's owner and its argument."""
    if not isinstance(node, ast.Call) or any(isinstance(one, ast.Starred) for one in node.args):
        return
    octave, python = "Octave has these the other way round.", "Which comes first is not the same."
    for place in range(len(node.args) - 1):
        one, other = node.args[place : place + 2]
        if ast.dump(one) != ast.dump(other):
            args = [*node.args[:place], other, one, *node.args[place + 2 :]]
            new = with_arguments(node, args)
            yield Change("operand-order", node, new, octave, python, is_guess=True)
    if context.is_method(node) and len(node.args) == 1 and isinstance(node.func, ast.Attribute):
        owner, given = node.func.value, node.args[0]
        if type(context.value(owner)) is type(context.value(given)):
            function = ast.Attribute(given, node.func.attr, ast.Load())
            new = ast.Call(function, [owner], node.keywords)
            yield Change("operand-order", node, new, octave, python, is_guess=True)


def handed_on(node: ast.AST, context: Context) -> Iterator[Change]:
    """Hand a value on to a function, or method, of the port that does without it otherwise."""
    if not isinstance(node, ast.Call) or node.keywords or context.evidence.first is None:
        return
    names = _parameters(node.func, context)
    if len(node.args) >= len(names):
        return
    lacking = names[len(node.args)]
    known = sorted(_at_hand(context), key=lambda name: name.rpartition(".")[2] != lacking)
    for name in known[:MOST_VARIABLES]:
        value = ast.parse(name, mode="eval").body
        new = with_arguments(node, [*node.args, value])
        octave = f"Octave hands {name} on."
        python = f"{called(node)} takes its default for {lacking} unless it is given one."
        yield Change("lost-argument", node, new, octave, python, is_guess=True)


def _parameters(function: ast.expr, context: Context) -> list[str]:
    """Name what a function of the port's own takes by place; nothing for any other."""
    found: object = None
    if isinstance(function, ast.Name):
        found = context.globals.get(function.id)
    elif isinstance(function, ast.Attribute) and fields_of(context.value(function.value)):
        found = getattr(type(context.value(function.value)), function.attr, None)
    if not isinstance(found, FunctionType):
        return []
    kinds = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    taken = inspect.signature(found).parameters.values()
    names = [one.name for one in taken if one.kind in kinds]
    return names[isinstance(function, ast.Attribute) :]


def _at_hand(context: Context) -> list[str]:
    """Name the variables, and what the objects among them keep."""
    first = context.evidence.first
    known = {} if first is None else first.variables
    held = (f"{name}.{one}" for name, value in known.items() for one in fields_of(value) or ())
    return [*known, *held]


def ends(node: ast.AST, context: Context) -> Iterator[Change]:
    """Take the first of a list in place of the last, or the other way round."""
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
        return
    if node.func.attr != "pop" or not isinstance(context.value(node.func.value), list):
        return
    octave, python = "Octave takes the first.", "pop() takes the last."
    if not node.args:
        new = with_arguments(node, [ast.Constant(0)])
        yield Change("function", node, new, octave, python, is_guess=True)
    elif constant(node.args[0]) == 0:
        octave, python = "Octave takes the last.", "pop(0) takes the first."
        yield Change("function", node, with_arguments(node, []), octave, python, is_guess=True)


def sign_of_zero(node: ast.AST, context: Context) -> Iterator[Change]:
    """Give 0 a sign, as what only asks whether a number is below 0 does."""
    if not isinstance(node, ast.Call) or called(node) != "sign" or len(node.args) != 1:
        return
    value = context.value(node.args[0])
    if np.any(np.equal(value, 0)):
        is_one = isinstance(value, (int, float, np.number))
        way = "(1.0 if X >= 0 else -1.0)" if is_one else "np.where(X >= 0, 1.0, -1.0)"
        new = context.make(way, X=node.args[0])
        yield Change("sign", node, new, "Octave's sign of 0 is 1 here.", "np.sign gives 0 of 0.")


CHANGES = (swapped, handed_on, ends, sign_of_zero)
