"""Where Python's numbers raise an error and Octave's go on: a division by 0, log of 0, overflow.

May import `change` and `context`.
"""

import ast
import math
from collections.abc import Iterator
from types import ModuleType

from lockstep.explain.changes.change import Change
from lockstep.explain.changes.context import MISSING, Context, called

ORDER = 11
KEYS = (
    "complex",
    "division-by-zero",
    "error-of-math",
)


def divisions(node: ast.AST, context: Context) -> Iterator[Change]:
    """Divide by 0."""
    if not isinstance(node, ast.BinOp) or not isinstance(node.op, (ast.Div, ast.Mod, ast.FloorDiv)):
        return
    if not context.np or not isinstance(context.value(node.right), (int, float)):
        return
    if context.value(node.right) != 0 or context.value(node) is not MISSING:
        return
    octave = "x / 0 is Inf, and 0 / 0 is NaN."
    python = "A Python number divided by 0 raises an error."
    if isinstance(node.op, ast.Div):
        new = context.make("np.divide(X, Y)", X=node.left, Y=node.right)
        yield Change("division-by-zero", node, new, octave, python)
    else:
        octave = "mod(x, 0) is x."
        new = context.make("np.mod(X, Y) if Y else X", X=node.left, Y=node.right)
        yield Change("division-by-zero", node, new, octave, python)


_COMPLEX = frozenset({"sqrt", "log", "log2", "log10", "log1p", "acos", "asin", "pow"})
_NUMPY = {"acos": "arccos", "asin": "arcsin", "atanh": "arctanh", "pow": "power"}


def functions(node: ast.AST, context: Context) -> Iterator[Change]:
    """Call NumPy's function where that of `math` raises an error."""
    if not isinstance(node, ast.Call) or not context.np or not node.args:
        return
    if not _is_of_math(node, context) or context.value(node) is not MISSING:
        return
    name = called(node)
    plain = _NUMPY.get(name, name)
    shown = ast.unparse(node.func)
    octave = f"{name} goes on where there is no finite value: log(0) is -Inf, exp(1000) Inf."
    python = f"{shown} raises an error there."
    new = context.make(f"np.{plain}(X)", X=node.args[0])
    yield Change("error-of-math", node, _with_rest(new, node), octave, python)
    if name in _COMPLEX:
        octave = f"{name} of a number outside of its real range is complex."
        new = context.make(f"np.emath.{plain}(X)", X=node.args[0])
        yield Change("complex", node, _with_rest(new, node), octave, python)


def _is_of_math(node: ast.Call, context: Context) -> bool:
    if isinstance(node.func, ast.Attribute):
        module = context.value(node.func.value)
        return isinstance(module, ModuleType) and module is math
    name = called(node)
    return hasattr(math, name) and context.value(node.func) is getattr(math, name)


def _with_rest(new: ast.expr, node: ast.Call) -> ast.expr:
    assert isinstance(new, ast.Call)
    return ast.Call(new.func, list(node.args), [])


CHANGES = (divisions, functions)
