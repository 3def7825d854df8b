"""What NumPy's functions are called in a module that does not import NumPy. May import nothing.

A port in plain Python has the functions of `math`, by whatever name, and the builtin ones.
"""

import ast
import math
from collections.abc import Mapping, Sequence
from typing import Any, TypeGuard

BUILTIN = {
    "abs": "abs", "absolute": "abs", "amax": "max", "amin": "min", "max": "max", "min": "min",
    "sum": "sum", "round": "round", "maximum": "max", "minimum": "min",
}  # fmt: skip
"""Builtin functions that do for numbers, or lists of them, what NumPy's do."""

OTHER = {
    "arccos": "acos", "arcsin": "asin", "arctan": "atan", "arctan2": "atan2", "power": "pow",
    "arccosh": "acosh", "arcsinh": "asinh", "arctanh": "atanh", "fix": "trunc", "remainder": "",
}  # fmt: skip
"""Functions that `math` calls otherwise, or has not the same; the others have the name."""


WRITTEN_OUT = {
    "floor": "X // 1", "ceil": "-(-X // 1)", "trunc": "int(X)", "sqrt": "X ** 0.5",
}  # fmt: skip
"""What does the same as functions of `math`, where that is not imported either."""


class _Plain(ast.NodeTransformer):
    def __init__(self, names: Mapping[str, Any]) -> None:
        self._names = names
        self._module = next((n for n, value in names.items() if value is math), "")

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        name = node.func.attr if isinstance(node.func, ast.Attribute) else ""
        name = OTHER.get(name, name)
        is_of_one = len(node.args) == 1 and not node.keywords
        if name not in WRITTEN_OUT or not _is_of_numpy(node.func) or not is_of_one:
            return node
        if self._has(name):
            return node
        (given,) = node.args
        if name == "floor" and _is_by_a_whole_number(given):
            return ast.BinOp(given.left, ast.FloorDiv(), given.right)
        filled: ast.AST = _Filled(given).visit(ast.parse(WRITTEN_OUT[name], mode="eval").body)
        return filled

    def _has(self, name: str) -> bool:
        """Whether the module has a name for a function of `math`."""
        wanted = getattr(math, name)
        return bool(self._module) or any(value is wanted for value in self._names.values())

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        self.generic_visit(node)
        if not _is_of_numpy(node):
            return node
        name = OTHER.get(node.attr, node.attr)
        wanted = getattr(math, name, None)
        if wanted is None:
            return ast.Name(BUILTIN[node.attr], ast.Load()) if node.attr in BUILTIN else node
        for own, value in self._names.items():
            if value is wanted or (isinstance(wanted, float) and value == wanted):
                return ast.Name(own, ast.Load())
        if self._module:
            return ast.Attribute(ast.Name(self._module, ast.Load()), name, ast.Load())
        return ast.Constant(wanted) if isinstance(wanted, float) else node


class _Filled(ast.NodeTransformer):
    def __init__(self, given: ast.expr) -> None:
        self._given = given

    def visit_Name(self, node: ast.Name) -> ast.AST:
        return self._given if node.id == "X" else node


def _is_by_a_whole_number(node: ast.expr) -> TypeGuard[ast.BinOp]:
    """Whether something is divided by a number that no rounding made: 1 // 0.1 is 9."""
    if not isinstance(node, ast.BinOp) or not isinstance(node.op, ast.Div):
        return False
    return isinstance(node.right, ast.Constant) and isinstance(node.right.value, int)


def _is_of_numpy(node: ast.AST) -> bool:
    of = node.value if isinstance(node, ast.Attribute) else None
    return isinstance(of, ast.Name) and of.id == "np"


def without_numpy(texts: Sequence[str], names: Mapping[str, Any]) -> list[str]:
    """Write expressions and statements with the functions that a module has.

    Parameters
    ----------
    texts : sequence of str
        They call NumPy ``np``.
    names : mapping
        What the names of the module stand for; it has no name for NumPy.
    """
    found = []
    for text in texts:
        try:
            found.append(ast.unparse(_Plain(names).visit(ast.parse(text))))
        except SyntaxError:
            found.append(text)
    return found
