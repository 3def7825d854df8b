"""Plain slips: another variable, operator, function, order or constant.

There are very many of these changes, so that only the data can speak for one. May import `change`,
`context`, `indices` and `top`.
"""

import ast
import re
from collections.abc import Iterator
from itertools import islice
from typing import Any

import numpy as np

from lockstep.explain.changes.change import Change
from lockstep.explain.changes.context import Context, called, constant, number
from lockstep.explain.changes.indices import is_negated
from lockstep.explain.top import bound_at_the_top
from lockstep.sources.python_names import OPERATORS

ORDER = 30
KEYS = (
    "constant",
    "function",
    "lost-function",
    "off-by-one",
    "operand-order",
    "operator",
    "sign",
    "variable",
)

MOST_VARIABLES = 30

NUMBERS = (int, float, complex, np.ndarray, np.generic)

MOST_PLACES = 6
"""Elements of which a constant may take any."""

MOST_INDICES = 3
"""Variables that may say which element is meant."""

MOST_WRITTEN = 4
"""Items of a list of which other orders are tried."""

BINARY: dict[type[ast.operator], str] = {
    kind: OPERATORS[kind]
    for kind in (ast.Add, ast.Sub, ast.Mult, ast.Div, ast.MatMult, ast.Pow, ast.Mod)
}
"""Operators of which each is tried for another."""


def operators(node: ast.AST, context: Context) -> Iterator[Change]:
    """Another operator, or its operands the other way round."""
    if not isinstance(node, ast.BinOp) or type(node.op) not in BINARY:
        return
    now = BINARY[type(node.op)]
    if isinstance(context.value(node), str):
        return
    for kind, sign in BINARY.items():
        if kind is not type(node.op) and not (kind is ast.Pow and _is_large(node, context)):
            new = ast.BinOp(node.left, kind(), node.right)
            octave = f"Octave's operator is {sign} here."
            yield Change("operator", node, new, octave, f"The port has {now}.", is_guess=True)
    if not isinstance(node.op, (ast.Add, ast.Mult)):
        new = ast.BinOp(node.right, node.op, node.left)
        octave = "Octave has the operands the other way round."
        python = f"a {now} b is not b {now} a."
        yield Change("operand-order", node, new, octave, python, is_guess=True)


def _is_large(node: ast.BinOp, context: Context) -> bool:
    value = context.value(node.right)
    return not np.isscalar(value) or not abs(value) < 16  # type: ignore[arg-type]


def orders(node: ast.AST, context: Context) -> Iterator[Change]:
    """Put what is written in a list in another order: of equal values the first is taken."""
    if not isinstance(node, (ast.List, ast.Tuple)) or not isinstance(node.ctx, ast.Load):
        return
    octave, python = "Octave has these in another order.", "The first of equal ones is taken."
    if isinstance(node, ast.Tuple):
        around = context.parent(node)
        if isinstance(around, ast.Return) and not _is_unpacked(context):
            python = "The port returns them in this order."
        elif isinstance(around, (ast.For, ast.comprehension)) and node is around.iter:
            python = "The port goes through them in this order."
        else:
            return
    items = node.elts
    if not 2 <= len(items) <= MOST_WRITTEN or all(isinstance(one, ast.Constant) for one in items):
        return
    turned = [[*items[k:], *items[:k]] for k in range(1, len(items))]
    swapped = [[*items[:k], items[k + 1], items[k], *items[k + 2 :]] for k in range(len(items) - 1)]
    for found in [*turned, *swapped] if len(items) > 2 else turned:
        yield Change(
            "operand-order", node, type(node)(found, ast.Load()), octave, python, is_guess=True
        )


def _is_unpacked(context: Context) -> bool:
    """Whether the function is one of the port's own, of which another takes the values apart.

    There the order can be put right as well, and the names of the variables tell which it is.
    """
    name, evidence = context.evidence.function.name, context.evidence
    defined = rf"^\s*function\b.*\b{re.escape(name)}\b"
    if re.search(defined, evidence.octave_function, re.IGNORECASE | re.MULTILINE):
        return False
    return any(
        isinstance(one, ast.Assign)
        and called(one.value) == name
        and isinstance(one.targets[0], (ast.List, ast.Tuple))
        for one in ast.walk(evidence.tree)
    )


def sorting(node: ast.AST, context: Context) -> Iterator[Change]:
    """Sort a list or a vector that is in another order."""
    if not isinstance(node, ast.expr) or isinstance(getattr(node, "ctx", None), ast.Store):
        return
    value, templates = context.value(node), ("sorted(X)", "sorted(X, reverse=True)")
    if isinstance(value, np.ndarray) and value.ndim == 1:
        templates = ("np.sort(X)", "-np.sort(-X)")
    elif not isinstance(value, (list, tuple, set)):
        return
    if len(value) < 2:
        return
    for template in templates:
        octave, python = "Octave's are sorted here.", "They are in another order."
        new = context.make(template, X=node)
        yield Change("lost-function", node, new, octave, python, is_guess=True)


def each_once(node: ast.AST, context: Context) -> Iterator[Change]:
    """Collect each value once."""
    around = context.parent(node)
    if isinstance(node, ast.GeneratorExp) and called(around) in ("sorted", "sum"):
        octave = "Octave has each value once here."
        python = "The port keeps duplicates."
        new = ast.SetComp(node.elt, node.generators)
        yield Change("lost-function", node, new, octave, python, is_guess=True)


_FAMILIES = (
    ("floor", "ceil", "trunc", "round", "rint"), ("sin", "cos", "tan"),
    ("arcsin", "arccos", "arctan"), ("sinh", "cosh", "tanh"), ("max", "min", "mean", "median"),
    ("argmax", "argmin"), ("amax", "amin"), ("maximum", "minimum"), ("sum", "mean", "prod"),
    ("cumsum", "cumprod"), ("zeros", "ones"), ("zeros_like", "ones_like"),
    ("log", "log2", "log10", "log1p"), ("exp", "expm1"), ("vstack", "hstack"), ("std", "var"),
    ("real", "imag", "abs"), ("nanmax", "nanmin"), ("radians", "degrees"), ("sqrt", "square"),
    ("argsort", "sort"), ("sort", "unique"), ("union1d", "intersect1d", "setdiff1d"),
    ("add", "subtract"), ("sum", "cumsum"), ("dot", "outer"), ("startswith", "endswith"),
    ("append", "extend"), ("append", "appendleft"), ("pop", "popleft"), ("quantile", "percentile"),
    ("find", "rfind"), ("index", "rindex"), ("strip", "lstrip", "rstrip"), ("split", "rsplit"),
    ("ljust", "rjust"), ("partition", "rpartition"), ("triu", "tril"),
)  # fmt: skip


def joined_other_way(node: ast.AST, context: Context) -> Iterator[Change]:
    """``np.r_`` for ``np.c_``, or the other way round."""
    other = {"r_": "c_", "c_": "r_"}.get(node.attr) if isinstance(node, ast.Attribute) else None
    if other is not None and isinstance(node, ast.Attribute):
        new = ast.Attribute(node.value, other, ast.Load())
        octave = f"Octave joins them as np.{other} does."
        yield Change("axis", node, new, octave, f"np.{node.attr} joins along another axis.")


def functions(node: ast.AST, context: Context) -> Iterator[Change]:
    """Another function of the same family."""
    if not isinstance(node, ast.Call):
        return
    name = called(node)
    for family in _FAMILIES:
        if name not in family:
            continue
        for other in family:
            if other == name:
                continue
            function: ast.expr
            if isinstance(node.func, ast.Attribute):
                function = ast.Attribute(node.func.value, other, ast.Load())
            else:
                function = ast.Name(other, ast.Load())
            new = ast.Call(function, node.args, node.keywords)
            octave, python = f"Octave takes {other} here.", f"The port takes {name}."
            yield Change("function", node, new, octave, python, is_guess=True)


def variables(node: ast.AST, context: Context) -> Iterator[Change]:
    """Another variable, in the place of an index that is written as a number, too."""
    is_index = _is_plain_index(node, context)
    if not isinstance(node, ast.expr) or isinstance(node, (ast.Slice, ast.Tuple)):
        return
    if isinstance(node, ast.Constant) and not is_index:
        return
    first = context.evidence.first
    if first is None or len(list(ast.walk(node))) > 12:
        return
    value = context.value(node)
    size = np.size(value) if isinstance(value, NUMBERS) else -1
    is_key = _is_key(node, context)
    for name, other in _variables_for(node, context):
        if _is_name(node, name) or _would_be_the_same(node, name, context):
            continue
        if callable(other) or (isinstance(value, str) != isinstance(other, str) and not is_key):
            continue
        is_number = isinstance(other, NUMBERS)  # a list may hold arrays of several sizes
        if is_index and not (is_number and np.asarray(other).dtype.kind in "iu"):
            continue
        if (
            size == 1
            and not (is_number and np.size(other) == 1)
            and not (is_index or isinstance(node, ast.Name))
        ):
            continue
        octave = f"Octave's counterpart of {name} stands here."
        python = f"The port has {ast.unparse(node)[:40]}."
        for new in _in_shape_of(value, name, other):
            yield Change("variable", node, new, octave, python, is_guess=True)


def _variables_for(node: ast.expr, context: Context) -> list[tuple[str, Any]]:
    """List the variables with their values; for a number of the module's top, the others there."""
    first = context.evidence.first
    found = [] if first is None else list(first.variables.items())[:MOST_VARIABLES]
    top = bound_at_the_top(context.evidence.tree)
    if isinstance(node, ast.Name) and node.id in top:
        known = context.globals
        numbers = ((name, known[name]) for name in top if isinstance(known.get(name), NUMBERS))
        found += islice(numbers, MOST_VARIABLES)
    return found


def _is_name(node: ast.AST | None, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name


def _would_be_the_same(node: ast.expr, name: str, context: Context) -> bool:
    """Whether with a variable in its place both sides of a comparison, or operands, are one."""
    around = context.parent(node)
    if isinstance(around, ast.Compare):
        sides = [around.left, *around.comparators]
    elif isinstance(around, ast.BinOp) and isinstance(around.op, (ast.Sub, ast.Div)):
        sides = [around.left, around.right]
    else:
        return False
    return len(sides) == 2 and any(_is_name(one, name) for one in sides if one is not node)


def _in_shape_of(value: Any, name: str, other: Any) -> Iterator[ast.expr]:
    """Write a variable as it is, and as a row or a column where it is to be one."""
    yield ast.Name(name, ast.Load())
    if not (isinstance(value, np.ndarray) and isinstance(other, np.ndarray)):
        return
    if value.size == other.size > 1 and (value.ndim, other.ndim) in ((2, 1), (1, 2)):
        vector = other.size in other.shape
        text = f"{name}.ravel()"
        if value.ndim == 2:
            text = f"{name}[:, None]" if value.shape[1] == 1 else f"{name}[None, :]"
            vector = other.size in value.shape
        if vector:
            yield ast.parse(text, mode="eval").body


def elements(node: ast.AST, context: Context) -> Iterator[Change]:
    """Take an element of an array in the place of a number: the one where the port is."""
    first = context.evidence.first
    if first is None or not isinstance(node, (ast.Name, ast.BinOp)) or is_target(node):
        return
    if not isinstance(context.value(node), (int, float, np.integer, np.floating)):
        return
    here = [name for name, value in first.variables.items() if _is_place(value)]
    for name, array in list(first.variables.items())[:MOST_VARIABLES]:
        if not isinstance(array, np.ndarray) or array.ndim != 1:
            continue
        for place in [one for one in here if first.variables[one] < array.size][:MOST_INDICES]:
            base, index = (ast.Name(one, ast.Load()) for one in (name, place))
            new = ast.Subscript(base, index, ast.Load())
            octave = f"Octave takes the element of {name} at {place}."
            python = f"The port has {ast.unparse(node)[:40]}."
            yield Change("variable", node, new, octave, python, is_guess=True)


def is_target(node: ast.expr) -> bool:
    """Whether an expression is assigned to, or deleted."""
    return isinstance(getattr(node, "ctx", None), (ast.Store, ast.Del))


def _is_place(value: Any) -> bool:
    is_whole = isinstance(value, (int, np.integer)) and not isinstance(value, bool)
    return is_whole and bool(value >= 0)


def _is_key(node: ast.expr, context: Context) -> bool:
    """Whether an expression is what a dictionary is asked for, which may be of any class."""
    around = context.parent(node)
    if not isinstance(around, ast.Subscript) or around.slice is not node:
        return False
    return isinstance(context.value(around.value), dict)


def _is_plain_index(node: ast.AST, context: Context) -> bool:
    """Whether a number is an index, or one of several."""
    if type(constant(node)) is not int:
        return False
    around = context.parent(node)
    if isinstance(around, ast.Tuple):
        node, around = around, context.parent(around)
    return isinstance(around, ast.Subscript) and around.slice is node


def constants(node: ast.AST, context: Context) -> Iterator[Change]:
    """Another constant: one that Octave's text has, or one less or more."""
    value = constant(node)
    if isinstance(value, str) and isinstance(node, ast.Constant):
        for text in context.octave_texts():
            if text != value:
                octave, python = f"Octave's text is {text!r}.", f"The port's is {value!r}."
                new = ast.Constant(text)
                yield Change("constant", node, new, octave, python, is_guess=True)
    if isinstance(value, bool) and isinstance(node, ast.Constant):
        octave, python = f"Octave has {str(not value).lower()} here.", f"The port has {value}."
        yield Change("constant", node, ast.Constant(not value), octave, python, is_guess=True)
    if not isinstance(node, ast.expr) or isinstance(value, (bool, str, type(None))):
        return
    if not isinstance(value, (int, float)) or is_negated(node, context):
        return
    for text in context.octave_numbers():
        tree = number(float(text) if set(text) & set(".eE") else int(text))
        if constant(tree) != value:
            octave = f"Octave's number is {text}."
            yield Change("constant", node, tree, octave, f"The port's is {value!r}.", is_guess=True)
    if isinstance(value, int) and abs(value) < 1000:
        for by in (1, -1):
            octave = f"Octave's number is {value + by} here."
            python = f"The port's is {value}."
            yield Change("off-by-one", node, number(value + by), octave, python, is_guess=True)
        yield from _other_places(node, value, context)
    if value:
        octave, python = f"Octave's number is {-value!r}.", f"The port's is {value!r}."
        yield Change("sign", node, number(-value), octave, python, is_guess=True)


def _other_places(node: ast.expr, value: int, context: Context) -> Iterator[Change]:
    """Take another element, where a few are there and a constant says which."""
    parent = context.parent(node)
    if not isinstance(parent, ast.Subscript) or parent.slice is not node:
        return
    base = context.value(parent.value)
    is_array = isinstance(base, np.ndarray) and base.ndim > 0
    size = len(base) if is_array or isinstance(base, (list, tuple)) else 0
    for place in range(size if size <= MOST_PLACES else 0):
        if place not in (value - 1, value, value + 1, value + size):
            octave = f"Octave takes element {place + 1}."
            python = f"The port takes the one at {value}."
            yield Change("constant", node, number(place), octave, python, is_guess=True)


def ratios(node: ast.AST, context: Context) -> Iterator[Change]:
    """Change a constant by the factor that lies between the two values."""
    value = constant(node)
    if not isinstance(node, ast.expr) or not isinstance(value, float) or value == 0:
        return
    first = context.evidence.first
    if first is None:
        return
    try:
        own, other = (complex(np.ravel(v)[0]) for v in (first.own, first.octave))
    except (TypeError, ValueError, IndexError):
        return
    if own == 0 or other == 0:
        return
    for factor in (other / own, own / other):
        if abs(factor.imag) < 1e-12 and abs(factor.real - 1) > 1e-12:
            wanted = float(f"{value * factor.real:.10g}")
            octave, python = f"Octave's number is {wanted!r}.", f"The port's is {value!r}."
            yield Change("constant", node, number(wanted), octave, python, is_guess=True)


CHANGES = (
    constants, operators, functions, joined_other_way, orders, sorting, each_once, ratios,
    variables, elements,
)  # fmt: skip
