"""Changes that a port may need: one file a group, found by being here.

A file of a group has ``CHANGES``: functions of a node of the port's tree and a `Context` that yield
a `Change` for each way in which the node may be wrong; ``ORDER``, a number by which the groups are
tried, those first that say most; and ``KEYS``, the reasons that its changes stand for, of each of
which the catalogue has an entry. The reasons and the mends both come from this one table.
"""

import ast
import importlib
import pkgutil
from collections.abc import Callable, Iterator
from functools import cache

from lockstep.explain.changes.change import Change
from lockstep.explain.changes.context import Context

UNKNOWN_KIND = (
    ArithmeticError, AttributeError, LookupError, RecursionError, SyntaxError, TypeError, ValueError
)  # fmt: skip
"""What a maker may raise where a value or an expression is of no kind that it knows."""

Maker = Callable[[ast.AST, Context], Iterator[Change]]


@cache
def makers() -> tuple[Maker, ...]:
    """Return the makers of changes of all groups, those first that say most."""
    found: list[tuple[int, str, Maker]] = []
    for module in pkgutil.iter_modules(__path__):
        group = importlib.import_module(f"{__name__}.{module.name}")
        for maker in getattr(group, "CHANGES", ()):
            found.append((group.ORDER, module.name, maker))
    return tuple(maker for _, _, maker in sorted(found, key=lambda one: one[:2]))


def keys() -> set[str]:
    """Return the keys of all reasons that changes stand for."""
    return {
        key
        for module in pkgutil.iter_modules(__path__)
        for key in getattr(importlib.import_module(f"{__name__}.{module.name}"), "KEYS", ())
    }


def changes_of(node: ast.AST, context: Context) -> Iterator[tuple[int, Change]]:
    """Yield the changes of one node, each with the place of its maker in the order.

    A function that reads memory by its own arithmetic is left as it is, and so is what is given to
    a private function that is no Python: a change may end the process.
    """
    if context.reads_memory or id(node) in context.unchecked:
        return
    for place, maker in enumerate(makers()):
        try:
            for change in maker(node, context):
                yield place, change
        except UNKNOWN_KIND:
            continue
