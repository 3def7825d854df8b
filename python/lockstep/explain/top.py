"""What a module of the port binds at its top: constants and tables. May import `sources`."""

import ast
import functools
from collections.abc import Iterable, Iterator, Mapping

from lockstep.sources.python_names import assigned

MOST = 40
"""Values of a table beyond which it is data, of which no single one is looked at."""


@functools.lru_cache(maxsize=8)
def bound_at_the_top(tree: ast.Module) -> Mapping[str, ast.expr]:
    """Find what a module binds once, at its top, and changes nowhere."""
    count: dict[str, int] = {}
    for one in ast.walk(tree):
        if isinstance(one, ast.Name) and not isinstance(one.ctx, ast.Load):
            count[one.id] = count.get(one.id, 0) + 1
        elif isinstance(one, ast.arg):
            count[one.arg] = count.get(one.arg, 0) + 1
    return {name: value for one in tree.body for name, value in assigned(one) if count[name] == 1}


def read_from_the_top(nodes: Iterable[ast.AST], tree: ast.Module) -> Iterator[ast.expr]:
    """Yield what stands at a module's top for those of some nodes that are names of it."""
    bound = bound_at_the_top(tree)
    names = (one.id for one in nodes if isinstance(one, ast.Name))
    for name in dict.fromkeys(names):
        if name in bound and sum(1 for _ in ast.walk(bound[name])) <= MOST * 2:
            yield bound[name]


def statement_at_the_top(node: ast.AST, tree: ast.Module) -> ast.stmt | None:
    """Return the statement that binds a variable at a module's top which a node is in, if any."""
    values = {id(value) for value in bound_at_the_top(tree).values()}
    for statement in tree.body:
        every = list(ast.walk(statement)) if isinstance(statement, ast.Assign) else []
        if any(one is node for one in every) and any(id(one) in values for one in every):
            return statement
    return None
