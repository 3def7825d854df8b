"""The same mistake at several places of one statement.

Where the port takes two quantiles in one expression, both are of the wrong method, and with one of
them put right the values are still not Octave's; and who does not move a bound along with the index
does so for both indices. May import `change`, `context`, `nodes_of_tree` and the package.
"""

import ast
import copy
from collections import Counter
from collections.abc import Iterator, Sequence

from lockstep.explain import changes
from lockstep.explain.changes.change import Change
from lockstep.explain.changes.context import Context, called, number, with_keywords
from lockstep.explain.changes.rewriting import exchanged
from lockstep.explain.nodes_of_tree import statement_around

ORDER = 30
KEYS = ("column-major", "off-by-one", "variable")

MOST = 6
"""Changes of a function that are made at all its calls."""


def at_all_calls(node: ast.AST, context: Context) -> Iterator[Change]:
    """Make a change of one call at each call of the function in the statement's expression."""
    if not isinstance(node, ast.expr) or not isinstance(context.parent(node), ast.stmt):
        return
    for calls in _calls(node):
        for every in list(zip(*(_changes(one, context) for one in calls), strict=False))[:MOST]:
            first = every[0]
            new = exchanged(node, {id(one.old): one.new for one in every if one.new is not None})
            if (
                isinstance(new, ast.expr)
                and len({(one.key, one.octave_rule) for one in every}) == 1
            ):
                yield Change(first.key, node, new, first.octave_rule, first.python_rule)


def at_all_constants(node: ast.AST, context: Context) -> Iterator[Change]:
    """Make a whole number one more, or less, wherever it stands for the same thing.

    So do the bounds of a condition, and the numbers in a list of indices whatever they are.
    """
    if not isinstance(node, ast.expr) or not isinstance(context.parent(node), ast.stmt):
        return
    places: dict[tuple[object, ...], list[tuple[ast.Constant, int]]] = {}
    for one in ast.walk(node):
        if isinstance(one, ast.Constant) and type(one.value) is int:
            around = context.parent(one)
            is_listed = isinstance(around, (ast.List, ast.Tuple))
            key = (id(around),) if is_listed else (one.value, type(around))
            places.setdefault(key, []).append((one, one.value))
    for every in places.values():
        for by in (1, -1) if len(every) > 1 else ():
            new = exchanged(node, dict(_moved(one, value + by, context) for one, value in every))
            if isinstance(new, ast.expr):
                now = ", ".join(str(value) for _, value in every)
                octave = f"Octave's numbers are {'more' if by > 0 else 'less'} by one here."
                yield Change("off-by-one", node, new, octave, f"The port has {now}.", is_guess=True)


def at_all_names(node: ast.AST, context: Context) -> Iterator[Change]:
    """Go on from the variables that a statement binds, not from those that they began with."""
    if not isinstance(node, (ast.Tuple, ast.List)) or not isinstance(node.ctx, ast.Load):
        return
    if isinstance(context.parent(node), ast.stmt):
        return  # each would be what it is
    statement = statement_around(context.evidence.tree, node)
    if not isinstance(statement, ast.Assign) or len(statement.targets) != 1:
        return
    bound = _names(statement.targets[0])
    read, before = _names(node), context.bound_before(statement)
    if len(read) > 1 and len(read) == len(bound) and read != bound and before.issuperset(bound):
        new = type(node)([ast.Name(one, ast.Load()) for one in bound], ast.Load())
        octave = f"Octave goes on from what it has: {', '.join(bound)}."
        yield Change("variable", node, new, octave, f"The port begins anew: {', '.join(read)}.")


_ORDERED = frozenset(["flatten", "ravel", "reshape"])


def at_all_orders(node: ast.AST, context: Context) -> Iterator[Change]:
    """Read and write in the other memory order wherever an expression does so."""
    if not isinstance(node, ast.expr) or not isinstance(context.parent(node), ast.stmt):
        return
    calls = [one for one in ast.walk(node) if called(one) in _ORDERED]
    for order, along in (("F", "down the columns"), ("C", "along the rows")):
        if len(calls) > 1:
            new = _Ordered(order).visit(copy.deepcopy(node))
            octave = f"Octave's elements are taken {along} here."
            python = "The port takes them in the other order, each time."
            yield Change("column-major", node, new, octave, python)


class _Ordered(ast.NodeTransformer):
    """Gives all calls that take the elements in some order the same one."""

    def __init__(self, order: str) -> None:
        self._order = order

    def visit_Call(self, node: ast.Call) -> ast.AST:
        """Give the call the order, and those in it."""
        self.generic_visit(node)
        return with_keywords(node, order=self._order) if called(node) in _ORDERED else node


def _names(node: ast.AST) -> list[str]:
    """Return the names that a tuple or list is made of; none where it holds anything else."""
    parts = node.elts if isinstance(node, (ast.Tuple, ast.List)) else []
    names = [one.id for one in parts if isinstance(one, ast.Name)]
    return names if len(names) == len(parts) else []


def _moved(one: ast.Constant, value: int, context: Context) -> tuple[int, ast.expr]:
    """Say what is exchanged for a constant with another value: of a sum with 0 the rest."""
    around = context.parent(one)
    is_sum = isinstance(around, ast.BinOp) and isinstance(around.op, (ast.Add, ast.Sub))
    if value == 0 and isinstance(around, ast.BinOp) and is_sum and around.right is one:
        return id(around), around.left
    return id(one), number(value)


def _calls(node: ast.expr) -> Iterator[Sequence[ast.Call]]:
    """Yield the calls of each function that is called several times, one may be inside another."""
    found = [one for one in ast.walk(node) if isinstance(one, ast.Call)]
    for name, count in Counter(map(called, found)).items():
        if name and count > 1:
            yield [one for one in found if called(one) == name]


def _changes(call: ast.Call, context: Context) -> list[Change]:
    """List the changes of a call that are none of very many."""
    return [
        one
        for _, one in changes.changes_of(call, context)
        if one.old is call and one.new is not None and not one.is_guess
    ]


CHANGES = (at_all_calls, at_all_constants, at_all_names, at_all_orders)
