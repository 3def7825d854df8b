"""Where the nodes of a port's tree are, and what stands around them.

May import `model` and `sources`.
"""

import ast
import functools
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from lockstep.model.execution import Span
from lockstep.sources.python_names import first_line

Tree = TypeVar("Tree", bound=ast.AST)


def rebuilt(tree: Tree, child: Callable[[Any], Any]) -> Tree:
    """Return a copy of a node in which something else stands for each of its children."""
    made = tree.__class__.__new__(tree.__class__)
    own = made.__dict__
    for name, value in tree.__dict__.items():
        if isinstance(value, ast.AST):
            own[name] = child(value)
        elif isinstance(value, list):
            own[name] = [child(item) if isinstance(item, ast.AST) else item for item in value]
        else:
            own[name] = value
    return made


def find_node(tree: ast.AST, span: Span, expression: bool = True) -> ast.AST | None:
    """Return the expression, or else the statement, that stands at a span exactly."""
    wanted = (span.line, span.column, span.last_line, span.last_column)
    kind: type[ast.AST] = ast.expr if expression else ast.stmt
    for node in nodes_about(tree, span.line):
        if isinstance(node, kind) and place_of(node) == wanted:
            return node
    return None


def nodes_about(tree: ast.AST, line: int) -> Iterator[ast.AST]:
    """Yield the nodes of the statements of a module's top that reach over a line."""
    for one in getattr(tree, "body", [tree]):
        if first_line(one) <= line <= place_of(one)[2]:
            yield from ast.walk(one)


@functools.lru_cache(maxsize=4)
def parents_of(tree: ast.Module) -> dict[int, ast.AST]:
    """Say of each node of a tree, by its `id`, which one it is a part of."""
    return {id(child): one for one in ast.walk(tree) for child in ast.iter_child_nodes(one)}


@functools.lru_cache(maxsize=4)
def functions_of(tree: ast.Module) -> tuple[ast.FunctionDef, ...]:
    """List the functions of a tree, at any depth."""
    return tuple(one for one in ast.walk(tree) if isinstance(one, ast.FunctionDef))


def place_of(node: ast.AST) -> tuple[int, int, int, int]:
    """Return line and column of the beginning and of the end of a node."""
    return (
        getattr(node, "lineno", 0),
        getattr(node, "col_offset", 0),
        getattr(node, "end_lineno", 0),
        getattr(node, "end_col_offset", 0),
    )


def place_shown(node: ast.AST) -> tuple[int, int, int, int]:
    """Return the place of a node; of a loop or a condition that of its header."""
    header = getattr(node, "iter", getattr(node, "test", None))
    last = header if isinstance(node, ast.stmt) and header is not None else node
    return place_of(node)[:2] + place_of(last)[2:]


def statement_around(tree: ast.AST, node: ast.AST) -> ast.stmt | None:
    """Return the innermost statement that a node is in, or is."""
    wanted = place_of(node)
    found: ast.stmt | None = None
    for statement in nodes_about(tree, wanted[0]):
        if isinstance(statement, ast.stmt):
            line, column, last_line, last_column = place_of(statement)
            begins = (line, column) <= wanted[:2]
            ends = wanted[2:] <= (last_line, last_column)
            if begins and ends and (found is None or place_of(found)[:2] <= (line, column)):
                found = statement
    return found


def function_around(tree: ast.AST, node: ast.AST) -> ast.FunctionDef | ast.AsyncFunctionDef | None:
    """Return the innermost function that a node is in, or is."""
    wanted = place_of(node)
    found: ast.FunctionDef | ast.AsyncFunctionDef | None = None
    for one in nodes_about(tree, wanted[0]):
        if isinstance(one, (ast.FunctionDef, ast.AsyncFunctionDef)):
            place = place_of(one)
            begins, ends = place[:2] <= wanted[:2], wanted[2:] <= place[2:]
            if begins and ends and (found is None or place_of(found)[:2] <= place[:2]):
                found = one
    return found


def bound_expression(statement: ast.AST) -> ast.expr | None:
    """Return the expression whose value a statement binds to one variable as it is."""
    if isinstance(statement, ast.Assign) and len(statement.targets) == 1:
        return statement.value if isinstance(statement.targets[0], ast.Name) else None
    return None
