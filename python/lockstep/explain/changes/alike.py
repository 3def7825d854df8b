"""The same mistake at each of several calls in one statement.

Where the port takes two quantiles in one expression, both are of the wrong method, and with one of
them put right the values are still not Octave's. May import `change`, `context` and the package.
"""

import ast
from collections import Counter
from collections.abc import Iterator, Sequence

from lockstep.explain import changes
from lockstep.explain.changes.change import Change
from lockstep.explain.changes.context import Context, called
from lockstep.explain.changes.rewriting import exchanged

ORDER = 30
KEYS = ()

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


def _calls(node: ast.expr) -> Iterator[Sequence[ast.Call]]:
    """Yield the calls of each function that is called several times, none inside another."""
    found = [one for one in ast.walk(node) if isinstance(one, ast.Call) and one is not node]
    for name, count in Counter(map(called, found)).items():
        same = [one for one in found if called(one) == name]
        inside = {id(part) for one in same for part in ast.walk(one) if part is not one}
        if name and count > 1 and not inside & {id(one) for one in same}:
            yield same


def _changes(call: ast.Call, context: Context) -> list[Change]:
    """List the changes of a call that are none of very many."""
    return [
        one
        for _, one in changes.changes_of(call, context)
        if one.old is call and one.new is not None and not one.is_guess
    ]


CHANGES = (at_all_calls,)
