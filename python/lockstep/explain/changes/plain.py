"""Plain slips: another variable, operator, function or constant; something lost or too much.

There are very many of these changes, so that only the data can speak for one. May import `change`
and `context`.
"""

import ast
from collections.abc import Iterator
from typing import Any

import numpy as np

from lockstep.explain.changes.change import Change
from lockstep.explain.changes.context import Context, called, constant, number

ORDER = 30
KEYS = (
    "constant",
    "extra-function",
    "extra-term",
    "function",
    "lost-function",
    "lost-term",
    "negation",
    "off-by-one",
    "operand-order",
    "operator",
    "sign",
    "variable",
)

MOST_VARIABLES = 30

_NUMBERS = (int, float, complex, np.ndarray, np.generic)

MOST_WRITTEN = 4
"""Items of a list of which other orders are tried."""

_BINARY = {
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.MatMult: "@", ast.Pow: "**",
    ast.Mod: "%",
}  # fmt: skip


def operators(node: ast.AST, context: Context) -> Iterator[Change]:
    """Another operator, or its operands the other way round."""
    if not isinstance(node, ast.BinOp) or type(node.op) not in _BINARY:
        return
    now = _BINARY[type(node.op)]
    if isinstance(context.value(node), str):
        return
    for kind, sign in _BINARY.items():
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


def lost_or_extra(node: ast.AST, context: Context) -> Iterator[Change]:
    """Add a function, a sign or a term, or leave one out."""
    if not isinstance(node, ast.expr):
        return
    if isinstance(node, ast.Call) and node.args and not node.keywords:
        arguments = context.arguments(node)
        if len(arguments) == 1:
            name = called(node)
            octave, python = f"Octave does not take {name} here.", f"{name} is too much."
            yield Change("extra-function", node, arguments[0], octave, python, is_guess=True)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        octave, python = "Octave has no minus here.", "The sign is turned round."
        yield Change("sign", node, node.operand, octave, python, is_guess=True)
    if isinstance(node, ast.BinOp) and type(node.op) in _BINARY:
        for part, rest in ((node.left, node.right), (node.right, node.left)):
            octave = "Octave has no such term here."
            python = f"{ast.unparse(rest)[:40]} is too much."
            yield Change("extra-term", node, part, octave, python, is_guess=True)
    value = context.value(node)
    if not isinstance(value, _NUMBERS):
        return
    masks = isinstance(value, np.ndarray) and value.dtype.kind == "b"
    if masks or isinstance(value, (bool, np.bool_)):
        new: ast.expr = ast.UnaryOp(ast.Invert() if masks else ast.Not(), node)
        octave, python = "Octave's condition is the other way round.", "not is lacking."
        yield Change("negation", node, new, octave, python, is_guess=True)
        return
    new = ast.UnaryOp(ast.USub(), node)
    octave, python = "Octave has the opposite sign.", "A minus is lacking, or the order turned."
    yield Change("sign", node, new, octave, python, is_guess=True)
    for function, template in (
        ("abs", "np.abs(X)"), ("sqrt", "np.sqrt(X)"), ("square", "X ** 2"), ("exp", "np.exp(X)"),
        ("log", "np.log(X)"), ("real", "np.real(X)"), ("inverse", "1 / X"), ("2 *", "2 * X"),
        ("/ 2", "X / 2"), ("sign", "np.sign(X)"), ("conj", "np.conj(X)"), ("sum", "np.sum(X)"),
        ("1 -", "1 - X"), ("max(..., 0)", "np.maximum(X, 0)"),
        ("min(..., 1)", "np.minimum(X, 1)"),
        ("radians", "np.radians(X)"), ("degrees", "np.degrees(X)"),
    ):  # fmt: skip
        if template.startswith("np.") and not context.np:
            continue
        octave, python = f"Octave also takes {function} here.", f"{function} is lost."
        new = context.make(template, X=node)
        yield Change("lost-function", node, new, octave, python, is_guess=True)


def orders(node: ast.AST, context: Context) -> Iterator[Change]:
    """Put what is written in a list in another order: of equal values the first is taken."""
    if not isinstance(node, ast.List) or not isinstance(node.ctx, ast.Load):
        return
    items = node.elts
    if not 2 <= len(items) <= MOST_WRITTEN or all(isinstance(one, ast.Constant) for one in items):
        return
    turned = [[*items[k:], *items[:k]] for k in range(1, len(items))]
    swapped = [[*items[:k], items[k + 1], items[k], *items[k + 2 :]] for k in range(len(items) - 1)]
    for found in [*turned, *swapped] if len(items) > 2 else turned:
        octave, python = "Octave has these in another order.", "The first of equal ones is taken."
        yield Change(
            "operand-order", node, ast.List(found, ast.Load()), octave, python, is_guess=True
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


_FAMILIES = (
    ("floor", "ceil", "trunc", "round", "rint"), ("sin", "cos", "tan"),
    ("arcsin", "arccos", "arctan"), ("sinh", "cosh", "tanh"), ("max", "min", "mean", "median"),
    ("argmax", "argmin"), ("amax", "amin"), ("maximum", "minimum"), ("sum", "mean", "prod"),
    ("cumsum", "cumprod"), ("zeros", "ones"), ("zeros_like", "ones_like"),
    ("log", "log2", "log10", "log1p"), ("exp", "expm1"), ("vstack", "hstack"), ("std", "var"),
    ("real", "imag", "abs"), ("nanmax", "nanmin"), ("radians", "degrees"), ("sqrt", "square"),
    ("argsort", "sort"), ("union1d", "intersect1d", "setdiff1d"), ("add", "subtract"),
    ("sum", "cumsum"), ("dot", "outer"), ("startswith", "endswith"), ("append", "extend"),
    ("quantile", "percentile"),
)  # fmt: skip


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
    """Another variable."""
    if not isinstance(node, ast.expr) or isinstance(node, (ast.Slice, ast.Tuple, ast.Constant)):
        return
    first = context.evidence.first
    if first is None or len(list(ast.walk(node))) > 12:
        return
    value = context.value(node)
    size = np.size(value) if isinstance(value, _NUMBERS) else -1
    for name, other in list(first.variables.items())[:MOST_VARIABLES]:
        if isinstance(node, ast.Name) and node.id == name:
            continue
        if callable(other) or (isinstance(value, str) != isinstance(other, str)):
            continue
        if size == 1 and np.size(other) != 1 and not isinstance(node, ast.Name):
            continue
        octave = f"Octave's counterpart of {name} stands here."
        python = f"The port has {ast.unparse(node)[:40]}."
        new = ast.Name(name, ast.Load())
        yield Change("variable", node, new, octave, python, is_guess=True)


def constants(node: ast.AST, context: Context) -> Iterator[Change]:
    """Another constant: one that Octave's text has, or one less or more."""
    value = constant(node)
    if isinstance(value, str) and isinstance(node, ast.Constant):
        for text in context.octave_texts():
            if text != value:
                octave, python = f"Octave's text is {text!r}.", f"The port's is {value!r}."
                new = ast.Constant(text)
                yield Change("constant", node, new, octave, python, is_guess=True)
    if not isinstance(node, ast.expr) or isinstance(value, (bool, str, type(None))):
        return
    if not isinstance(value, (int, float)):
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
    if value:
        octave, python = f"Octave's number is {-value!r}.", f"The port's is {value!r}."
        yield Change("sign", node, number(-value), octave, python, is_guess=True)


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


def lost_terms(node: ast.AST, context: Context) -> Iterator[Change]:
    """Add a factor or a term that is lost: a variable, or a plain number."""
    first = context.evidence.first
    if node is not context.evidence.expression or not isinstance(node, ast.expr) or first is None:
        return
    if first.octave is None:
        return
    value = context.value(node)
    if not isinstance(value, _NUMBERS):
        return
    for name, other in list(first.variables.items())[:MOST_VARIABLES]:
        if not isinstance(other, _NUMBERS):
            continue
        term = ast.Name(name, ast.Load())
        octave, python = f"Octave's expression also holds {name}.", f"{name} is lost."
        for kind in (ast.Mult, ast.Div, ast.Add, ast.Sub, ast.MatMult):
            new: ast.expr = ast.BinOp(node, kind(), term)
            yield Change("lost-term", node, new, octave, python, is_guess=True)
            if kind in (ast.Sub, ast.Div, ast.MatMult):
                new = ast.BinOp(term, kind(), node)
                yield Change("lost-term", node, new, octave, python, is_guess=True)
        for bound in _bounds(value):
            new = context.make(bound, X=node, Y=term)
            yield Change("lost-term", node, new, octave, python, is_guess=True)
    known = {float(text) for text in context.octave_numbers()}
    for sign, plain in _plain_numbers(value, first.octave):
        if plain not in known and _is_whole(value):
            continue  # any two whole numbers differ by a whole number
        new = ast.BinOp(node, sign, number(plain))
        octave, python = f"Octave's expression also holds {plain!r}.", f"{plain!r} is lost."
        yield Change("lost-term", node, new, octave, python, is_guess=True)


def lost_operands(node: ast.AST, context: Context) -> Iterator[Change]:
    """Add a factor, a term or a bound anywhere, where no place is named."""
    first = context.evidence.first
    if first is None or first.own is not None or first.octave is not None:
        return
    if not isinstance(node, (ast.Name, ast.Call, ast.Subscript, ast.BinOp)) or _is_target(node):
        return
    value = context.value(node)
    if not isinstance(value, _NUMBERS) or isinstance(value, bool):
        return
    for term in _terms(node, value, context):
        text = ast.unparse(term)
        octave, python = f"Octave's expression also holds {text}.", f"{text} is lost."
        for kind in (ast.Mult, ast.Div, ast.Add, ast.Sub):
            new: ast.expr = ast.BinOp(node, kind(), term)
            yield Change("lost-term", node, new, octave, python, is_guess=True)
        for bound in _bounds(value) if ast.dump(term) != ast.dump(node) else ():
            new = context.make(bound, X=node, Y=term)
            yield Change("lost-term", node, new, octave, python, is_guess=True)


def _bounds(value: Any) -> tuple[str, str]:
    """Return the templates of a value with a bound above, or below, it."""
    if isinstance(value, np.ndarray):
        return "np.maximum(X, Y)", "np.minimum(X, Y)"
    return "max(X, Y)", "min(X, Y)"


def _terms(node: ast.expr, value: Any, context: Context) -> Iterator[ast.expr]:
    """Yield what fits a value: variables, and their elements where the statement is at."""
    first, places = context.evidence.first, list(_places(context))
    variables = first.variables if first is not None else {}
    for name, other in list(variables.items())[:MOST_VARIABLES]:
        if not isinstance(other, _NUMBERS) or isinstance(other, bool):
            continue
        if np.size(other) in (1, np.size(value)):
            is_index = np.asarray(value).dtype.kind in "iu" and np.asarray(other).dtype.kind == "f"
            template = "int(X)" if is_index and np.size(other) == 1 else "X"
            yield context.make(template, X=ast.Name(name, ast.Load()))
        for base, index in places:
            if base != name and np.shape(other) == np.shape(variables.get(base, ())):
                yield ast.Subscript(ast.Name(name, ast.Load()), index, ast.Load())


def _places(context: Context) -> Iterator[tuple[str, ast.expr]]:
    """Yield the variables that a statement takes elements of, or changes, and where in them."""
    statement = context.evidence.statement
    if not isinstance(statement, (ast.Assign, ast.AugAssign, ast.Return, ast.Expr)):
        return
    for one in ast.walk(statement):
        if isinstance(one, ast.Subscript) and isinstance(one.value, ast.Name):
            yield one.value.id, one.slice


def _is_target(node: ast.expr) -> bool:
    return isinstance(getattr(node, "ctx", None), (ast.Store, ast.Del))


def _is_whole(value: object) -> bool:
    array = np.asarray(value)
    return array.size < 2 or bool(np.array_equal(array, np.round(array), equal_nan=False))


def _plain_numbers(own: Any, octave: Any) -> Iterator[tuple[ast.operator, float | int]]:
    """Yield plain numbers by which one value becomes the other."""
    try:
        if np.iscomplexobj(own) or np.iscomplexobj(octave):
            return
        one, other = np.ravel(own).astype(float), np.ravel(octave).astype(float)
    except (TypeError, ValueError):
        return
    if not one.size or one.size != other.size or not one[0] or not other[0]:
        return
    for sign, found in (
        (ast.Mult(), other[0] / one[0]), (ast.Div(), one[0] / other[0]),
        (ast.Add(), other[0] - one[0]), (ast.Sub(), one[0] - other[0]),
    ):  # fmt: skip
        plain = float(f"{found:.4g}")
        if found > 0 and abs(found - plain) <= 1e-11 * abs(found) and found != 1:
            yield sign, int(plain) if plain.is_integer() else plain


CHANGES = (
    constants, operators, functions, lost_or_extra, orders, sorting, ratios, lost_terms, variables,
    lost_operands,
)  # fmt: skip
