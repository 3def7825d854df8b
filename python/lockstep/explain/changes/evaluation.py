"""Trees and variables made ready for evaluation. May import `nodes_of_tree` and `sides`."""

import ast
import copy
from collections.abc import Callable, Mapping
from types import ModuleType
from typing import Any

import numpy as np

from lockstep.explain.nodes_of_tree import Tree, rebuilt
from lockstep.sides.keeping import fields_of

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
    is_container = isinstance(value, (list, dict, set))
    return copy.deepcopy(value) if is_container or _is_object(value) else value


def _is_object(value: Any) -> bool:
    """Whether a value is an object that keeps something, and neither a function nor a module."""
    return bool(fields_of(value)) and not (callable(value) or isinstance(value, ModuleType))


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
