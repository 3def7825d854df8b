"""The parameters of a Python function: their defaults, and what they are compared with.

May import the standard library only.
"""

import ast
from collections.abc import Iterator
from typing import Any

_SAME = (ast.Eq, ast.NotEq, ast.Is, ast.IsNot, ast.In, ast.NotIn)


def defaults_of(function: ast.FunctionDef | ast.AsyncFunctionDef) -> list[tuple[str, ast.expr]]:
    """List the parameters that have defaults, with these."""
    arguments = function.args
    given = [*arguments.posonlyargs, *arguments.args]
    pairs = [
        *zip(given[len(given) - len(arguments.defaults) :], arguments.defaults, strict=True),
        *zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True),
    ]
    return [(parameter.arg, default) for parameter, default in pairs if default is not None]


_SPELLING = frozenset(["casefold", "lower", "lstrip", "rstrip", "strip", "upper"])
"""Methods of a text that give it in other letters."""


def constants_compared_with(name: str, tree: ast.AST) -> Iterator[Any]:
    """Yield the constants that a variable is asked to be, or to be among; of a switch both."""
    for one in ast.walk(tree):
        if isinstance(one, (ast.If, ast.While, ast.IfExp)) and is_switch(name, one.test):
            yield from (True, False)
        if isinstance(one, ast.Compare) and ast.unparse(_spelt(one.left)) == name:
            for kind, other in zip(one.ops, one.comparators, strict=True):
                if isinstance(kind, _SAME):
                    many = (ast.Tuple, ast.List, ast.Set)
                    items = other.elts if isinstance(other, many) else [other]
                    yield from (item.value for item in items if isinstance(item, ast.Constant))


def _spelt(node: ast.expr) -> ast.expr:
    """Return what a text is in other letters: of ``name.lower()`` the name."""
    if not isinstance(node, ast.Call) or node.args or not isinstance(node.func, ast.Attribute):
        return node
    return node.func.value if node.func.attr in _SPELLING else node


def is_switch(name: str, test: ast.expr) -> bool:
    """Whether a condition asks of a variable only whether it holds."""
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        test = test.operand
    return isinstance(test, ast.Name) and test.id == name
