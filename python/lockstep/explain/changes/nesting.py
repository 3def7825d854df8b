"""What is done first: precedence of operators, brackets, the order of two operations.

May import `change` and `context`.
"""

import ast
import itertools
from collections.abc import Iterator

import numpy as np

from lockstep.explain.changes.change import Change
from lockstep.explain.changes.context import Context, called

ORDER = 17
KEYS = (
    "brackets",
    "order-of-operations",
    "precedence",
)

_LOGICAL = (ast.BitAnd, ast.BitOr)

_CHAINED = {ast.Add: ("+", 0), ast.Sub: ("-", 0), ast.Mult: ("*", 1), ast.Div: ("/", 1)}
"""Operators that stand in a row, and how tightly they bind."""

MOST_OPERANDS = 6
"""Operands in a row that are bracketed in each way."""


def powers(node: ast.AST, context: Context) -> Iterator[Change]:
    """Bracket ``a ** b ** c``, from the right or from the left."""
    if not isinstance(node, ast.BinOp) or not isinstance(node.op, ast.Pow):
        return
    octave = "Octave works from left to right: 2^3^2 is (2^3)^2."
    python = "Python's ** works from right to left: 2**3**2 is 2**(3**2)."
    if isinstance(node.right, ast.BinOp) and isinstance(node.right.op, ast.Pow):
        inner = ast.BinOp(node.left, ast.Pow(), node.right.left)
        new = ast.BinOp(inner, ast.Pow(), node.right.right)
        yield Change("precedence", node, new, octave, python)


def conditions(node: ast.AST, context: Context) -> Iterator[Change]:
    """Bracket ``a & b == c`` and ``a & (b | c)``: which operator holds its operands together."""
    octave = "A comparison goes before & and |, and & before |."
    python = "Python's & and | go before a comparison: brackets say what belongs together."
    if isinstance(node, ast.Compare) and len(node.ops) == 1:
        (right,) = node.comparators
        if isinstance(node.left, ast.BinOp) and isinstance(node.left.op, _LOGICAL):
            compared = ast.Compare(node.left.right, node.ops, [right])
            new = ast.BinOp(node.left.left, node.left.op, compared)
            yield Change("precedence", node, new, octave, python)
        if isinstance(right, ast.BinOp) and isinstance(right.op, _LOGICAL):
            compared = ast.Compare(node.left, node.ops, [right.left])
            new = ast.BinOp(compared, right.op, right.right)
            yield Change("precedence", node, new, octave, python)
    if isinstance(node, ast.BinOp) and isinstance(node.op, _LOGICAL):
        for new in _turned(node):
            yield Change("precedence", node, new, octave, python)


def brackets(node: ast.AST, context: Context) -> Iterator[Change]:
    """Write ``a + b * c`` for ``(a + b) * c``, and the other way round."""
    if not isinstance(node, ast.BinOp) or isinstance(node.op, (*_LOGICAL, ast.Pow)):
        return
    for new in (*_turned(node), *_bracketed(node, context)):
        octave = f"Octave's expression is bracketed as {_short(new)}."
        python = f"The port has {_short(node)}."
        yield Change("brackets", node, new, octave, python, is_guess=True)


def _bracketed(node: ast.BinOp, context: Context) -> Iterator[ast.expr]:
    """Yield a chain of operands with brackets around each few of them that stand side by side."""
    parent = context.parent(node)
    if isinstance(parent, ast.BinOp) and type(parent.op) in _CHAINED:
        return
    operands, signs = _chain(node)
    if not 3 < len(operands) <= MOST_OPERANDS:
        return
    count = len(operands)
    names = [f"X{k}" for k in range(count)]
    for first, last in itertools.combinations(range(count), 2):
        if last - first < count - 1:
            texts = [*names]
            texts[first], texts[last] = f"({texts[first]}", f"{texts[last]})"
            text = " ".join(itertools.chain(*zip(texts, [*signs, ""], strict=True)))
            yield context.make(text, **dict(zip(names, operands, strict=True)))


def _chain(node: ast.expr) -> tuple[list[ast.expr], list[str]]:
    """List the operands that stand side by side, without brackets, and the signs between them."""
    if not isinstance(node, ast.BinOp) or type(node.op) not in _CHAINED:
        return [node], []
    sign, binds = _CHAINED[type(node.op)]
    left: tuple[list[ast.expr], list[str]] = [node.left], []
    right: tuple[list[ast.expr], list[str]] = [node.right], []
    if isinstance(node.left, ast.BinOp) and _CHAINED.get(type(node.left.op), ("", -1))[1] >= binds:
        left = _chain(node.left)
    if isinstance(node.right, ast.BinOp) and _CHAINED.get(type(node.right.op), ("", -1))[1] > binds:
        right = _chain(node.right)
    return [*left[0], *right[0]], [*left[1], sign, *right[1]]


def _turned(node: ast.BinOp) -> Iterator[ast.BinOp]:
    """Yield ``(a . b) : c`` for ``a . (b : c)``, and the other way round."""
    left, right = node.left, node.right
    if isinstance(right, ast.BinOp):
        inner = ast.BinOp(left, node.op, right.left)
        yield ast.BinOp(inner, right.op, right.right)
    if isinstance(left, ast.BinOp):
        inner = ast.BinOp(left.right, node.op, right)
        yield ast.BinOp(left.left, left.op, inner)


def order(node: ast.AST, context: Context) -> Iterator[Change]:
    """Write ``1 / mean(x)`` for ``mean(1 / x)``, ``abs(sum(x))`` for ``sum(abs(x))``."""
    for new in (*_taken_in(node, context), *_taken_out(node, context), *_exchanged(node, context)):
        octave = f"Octave's order is another one: {_short(new)}."
        python = f"The port has {_short(node)}."
        yield Change("order-of-operations", node, new, octave, python, is_guess=True)


def _taken_in(node: ast.AST, context: Context) -> Iterator[ast.expr]:
    """Yield ``f(a . x)`` for ``a . f(x)``."""
    if not isinstance(node, ast.BinOp):
        return
    for part, is_left in ((node.left, True), (node.right, False)):
        if isinstance(part, ast.Call) and _is_of_numbers(part, context):
            data = context.arguments(part)[0]
            inner = (
                ast.BinOp(data, node.op, node.right)
                if is_left
                else ast.BinOp(node.left, node.op, data)
            )
            yield _with_data(part, inner, context)


def _taken_out(node: ast.AST, context: Context) -> Iterator[ast.expr]:
    """Yield ``a . f(x)`` for ``f(a . x)``."""
    if not isinstance(node, ast.Call) or not _is_of_numbers(node, context):
        return
    data = context.arguments(node)[0]
    if isinstance(data, ast.BinOp):
        yield ast.BinOp(data.left, data.op, _with_data(node, data.right, context))
        yield ast.BinOp(_with_data(node, data.left, context), data.op, data.right)
        both = [_with_data(node, part, context) for part in (data.left, data.right)]
        yield ast.BinOp(both[0], data.op, both[1])


def _exchanged(node: ast.AST, context: Context) -> Iterator[ast.expr]:
    """Yield ``g(f(x))`` for ``f(g(x))``, and ``f(x) . f(y)`` for ``f(x . y)``."""
    if not isinstance(node, ast.Call) or not _is_of_numbers(node, context):
        return
    inner = context.arguments(node)[0]
    if isinstance(inner, ast.Call) and _is_of_numbers(inner, context):
        data = context.arguments(inner)[0]
        yield _with_data(inner, _with_data(node, data, context), context)
    if isinstance(inner, ast.UnaryOp) and isinstance(inner.op, ast.USub):
        yield ast.UnaryOp(inner.op, _with_data(node, inner.operand, context))
    if isinstance(inner, ast.Attribute) and inner.attr == "T":
        yield ast.Attribute(_with_data(node, inner.value, context), "T", ast.Load())


def _is_of_numbers(call: ast.Call, context: Context) -> bool:
    """Whether a function is given numbers, and gives some."""
    arguments = context.arguments(call)
    if not arguments or any(isinstance(one, ast.Starred) for one in call.args):
        return False
    if called(call) in ("array", "asarray", "zeros", "ones", "arange", "linspace", "range"):
        return False
    kinds = (int, float, complex, np.ndarray, np.generic)
    return isinstance(context.value(arguments[0]), kinds) and isinstance(context.value(call), kinds)


def _with_data(call: ast.Call, data: ast.expr, context: Context) -> ast.expr:
    """Return a call with something else as its first argument."""
    if context.is_method(call):
        assert isinstance(call.func, ast.Attribute)
        function = ast.Attribute(data, call.func.attr, ast.Load())
        return ast.Call(function, call.args, call.keywords)
    return ast.Call(call.func, [data, *call.args[1:]], call.keywords)


def _short(node: ast.AST) -> str:
    text = ast.unparse(node)
    return text if len(text) <= 60 else text[:57] + "..."


CHANGES = (powers, conditions, brackets, order)
