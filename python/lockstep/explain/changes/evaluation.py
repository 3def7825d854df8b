"""Trees and variables made ready for evaluation. May import `nodes_of_tree`."""

import ast
import copy
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from lockstep.explain.nodes_of_tree import Tree, rebuilt

COMPREHENSIONS = ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp

Evaluate = Callable[[ast.expr, Mapping[str, Any]], Any]


def placed(tree: Tree) -> Tree:
    """Copy a tree, and give every node of it some place, so that it can be compiled."""
    made: Tree = rebuilt(tree, placed)
    if made._attributes:
        vars(made).update(lineno=1, end_lineno=1, col_offset=0, end_col_offset=0)
    return made


def guarded(value: Any) -> Any:
    """Return a value that an expression cannot change."""
    if isinstance(value, np.ndarray):
        view = value.view()
        view.flags.writeable = False
        return view
    is_changeable = isinstance(value, (list, dict, set)) or hasattr(value, "__dict__")
    return copy.deepcopy(value) if is_changeable else value


def first_turn(
    node: ast.AST,
    parent: Callable[[ast.AST], ast.AST | None],
    variables: Mapping[str, Any],
    evaluate: Evaluate,
) -> dict[str, Any]:
    """Return the variables of the comprehensions around a node at their first turn.

    Parameters
    ----------
    node : ast.AST
        Of the port's tree.
    parent : callable
        Gives what a node is a part of.
    variables : mapping
        Those of the function.
    evaluate : callable
        Evaluates an expression with variables.
    """
    around: list[ast.comprehension] = []
    above: ast.AST | None = node
    while above is not None and not isinstance(above, ast.stmt):
        if isinstance(above, COMPREHENSIONS):
            around = [*above.generators, *around]
        above = parent(above)
    found: dict[str, Any] = {}
    for one in around:
        if isinstance(one.target, ast.Name):
            every = ast.Call(ast.Name("iter", ast.Load()), [one.iter], [])
            first = ast.Call(ast.Name("next", ast.Load()), [every], [])
            found[one.target.id] = evaluate(first, {**variables, **found})
    return found
