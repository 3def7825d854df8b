"""What NumPy's functions are called in a module that does not import NumPy. May import nothing.

A port in plain Python has the functions of `math`, by whatever name, and the builtin ones.
"""

import ast
import math
from collections.abc import Mapping, Sequence
from typing import Any

BUILTIN = {
    "abs": "abs", "absolute": "abs", "amax": "max", "amin": "min", "max": "max", "min": "min",
    "sum": "sum", "round": "round",
}  # fmt: skip
"""Builtin functions that do for numbers, or lists of them, what NumPy's do."""

OTHER = {
    "arccos": "acos", "arcsin": "asin", "arctan": "atan", "arctan2": "atan2", "power": "pow",
    "arccosh": "acosh", "arcsinh": "asinh", "arctanh": "atanh", "fix": "trunc", "remainder": "",
}  # fmt: skip
"""Functions that `math` calls otherwise, or has not the same; the others have the name."""


class _Plain(ast.NodeTransformer):
    def __init__(self, names: Mapping[str, Any]) -> None:
        self._names = names
        self._module = next((n for n, value in names.items() if value is math), "")

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        self.generic_visit(node)
        if not (isinstance(node.value, ast.Name) and node.value.id == "np"):
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
