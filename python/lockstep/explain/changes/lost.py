"""Plain slips: a function, sign, factor, term or bound that is lost, or too much.

There are very many of these changes, so that only the data can speak for one. May import `change`,
`context` and `plain`.
"""

import ast
import re
from collections.abc import Iterator
from typing import Any

import numpy as np

from lockstep.explain.changes.change import Change
from lockstep.explain.changes.context import Context, called, number
from lockstep.explain.changes.plain import BINARY, MOST_VARIABLES, NUMBERS, is_target

ORDER = 30
KEYS = (
    "extra-function",
    "extra-term",
    "lost-term",
    "negation",
)


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
    if isinstance(node, ast.BinOp) and type(node.op) in BINARY:
        for part, rest in ((node.left, node.right), (node.right, node.left)):
            octave = "Octave has no such term here."
            python = f"{ast.unparse(rest)[:40]} is too much."
            yield Change("extra-term", node, part, octave, python, is_guess=True)
    value = context.value(node)
    if not isinstance(value, NUMBERS):
        return
    masks = isinstance(value, np.ndarray) and value.dtype.kind == "b"
    if masks or isinstance(value, (bool, np.bool_)):
        new: ast.expr = ast.UnaryOp(ast.Invert() if masks else ast.Not(), node)
        octave, python = "Octave's condition is the other way round.", "not is lacking."
        yield Change("negation", node, new, octave, python, is_guess=True)
        return
    if isinstance(value, (int, np.integer)) and not isinstance(node, ast.Constant):
        octave, python = "Octave takes half of this.", "// 2 is lost."
        new = context.make("X // 2", X=node)
        yield Change("lost-function", node, new, octave, python, is_guess=True)
    new = ast.UnaryOp(ast.USub(), node)
    octave, python = "Octave has the opposite sign.", "A minus is lacking, or the order turned."
    yield Change("sign", node, new, octave, python, is_guess=True)
    for function, template in (
        ("abs", "np.abs(X)"), ("sqrt", "np.sqrt(X)"), ("square", "X ** 2"), ("exp", "np.exp(X)"),
        ("log", "np.log(X)"), ("real", "np.real(X)"), ("inverse", "1 / X"), ("2 *", "2 * X"),
        ("/ 2", "X / 2"), ("sign", "np.sign(X)"), ("conj", "np.conj(X)"), ("sum", "np.sum(X)"),
        ("1 -", "1 - X"), ("max(..., 0)", "np.maximum(X, 0)"),
        ("min(..., 1)", "np.minimum(X, 1)"), ("the limits 0 and 1", "np.clip(X, 0, 1)"),
        ("radians", "np.radians(X)"), ("degrees", "np.degrees(X)"),
    ):  # fmt: skip
        if template.startswith("np.") and not context.np:
            continue
        octave, python = f"Octave also takes {function} here.", f"{function} is lost."
        new = context.make(template, X=node)
        yield Change("lost-function", node, new, octave, python, is_guess=True)
    for name in _helpers(context):
        octave, python = f"Octave also does what {name} does here.", f"{name} is lost."
        new = context.make("F(X)", F=ast.Name(name, ast.Load()), X=node)
        yield Change("lost-function", node, new, octave, python, is_guess=True)
    yield from _said(node, value, context)


MOST_HELPERS = 4
"""Functions of the module of which each may be lost where it would be called."""


def _helpers(context: Context) -> list[str]:
    """Name the other functions of the module that are given one argument."""
    return [
        one.name
        for one in context.evidence.tree.body
        if isinstance(one, ast.FunctionDef) and one is not context.evidence.function
        and len(one.args.args) == 1 and not one.args.posonlyargs
    ][:MOST_HELPERS]  # fmt: skip


MOST_BESIDE = 4
"""Operands elsewhere in a statement that are tried."""

_ALONG = ("diff", "cumsum", "cumprod", "sort", "max", "min", "mean", "median", "sum", "prod")
_EACH = (
    "floor", "ceil", "unique", "fliplr", "flipud", "sin", "cos", "tan", "isnan", "log2", "log10"
)  # fmt: skip
_WORDS = {
    **{name: tuple(f"np.{name}(X{at})" for at in ("", ", axis=0", ", axis=1")) for name in _ALONG},
    **{name: (f"np.{name}(X)",) for name in _EACH},
    "fix": ("np.trunc(X)",), "round": ("np.round(X)",), "flip": ("X[::-1]",),
    "find": ("np.flatnonzero(X)",), "numel": ("np.size(X)", "len(X)"), "length": ("len(X)",),
}  # fmt: skip
"""What a function of Octave may have been ported as."""

_SAID = re.compile(rf"(?<![A-Za-z_0-9])(?:{'|'.join(_WORDS)})\b")


def _said(node: ast.expr, value: Any, context: Context) -> Iterator[Change]:
    """Take a function of an array that stands in Octave's counterpart, and not in the port's."""
    if not isinstance(value, np.ndarray) or not value.ndim or not context.np:
        return
    said = set(_SAID.findall(context.octave))
    own = {called(one) for one in ast.walk(context.evidence.statement)} if said else set()
    for word in (word for word in _WORDS if word in said - own):
        for template in _WORDS[word] if value.ndim > 1 else _WORDS[word][:1]:
            octave, python = f"Octave also takes {word} here.", f"{word} is lost."
            new = context.make(template, X=node)
            yield Change("lost-function", node, new, octave, python, is_guess=True)


def lost_terms(node: ast.AST, context: Context) -> Iterator[Change]:
    """Add a factor or a term that is lost: a variable, or a plain number."""
    first = context.evidence.first
    if node is not context.evidence.expression or not isinstance(node, ast.expr) or first is None:
        return
    if first.octave is None:
        return
    value = context.value(node)
    if not isinstance(value, NUMBERS) or np.asarray(value).dtype.kind == "b":
        return
    named = [
        (ast.Name(name, ast.Load()), other)
        for name, other in list(first.variables.items())[:MOST_VARIABLES]
    ]
    for term, other in (*named, *_beside(node, context)):
        if not isinstance(other, NUMBERS):
            continue
        name = ast.unparse(term)
        octave, python = f"Octave's expression also holds {name}.", f"{name} is lost."
        for kind in (ast.Mult, ast.Div, ast.Add, ast.Sub, ast.MatMult):
            new: ast.expr = ast.BinOp(node, kind(), term)
            yield Change("lost-term", node, new, octave, python, is_guess=True)
            if kind in (ast.Sub, ast.Div, ast.MatMult):
                new = ast.BinOp(term, kind(), node)
                yield Change("lost-term", node, new, octave, python, is_guess=True)
        for bound in _bounds(value) if _mixes(value, other) else ():
            new = context.make(bound, X=node, Y=term)
            yield Change("lost-term", node, new, octave, python, is_guess=True)
    known = {float(text) for text in context.octave_numbers()}
    for sign, plain in _plain_numbers(value, first.octave):
        if plain not in known and _is_whole(value):
            continue  # any two whole numbers differ by a whole number
        new = ast.BinOp(node, sign, number(plain))
        octave, python = f"Octave's expression also holds {plain!r}.", f"{plain!r} is lost."
        yield Change("lost-term", node, new, octave, python, is_guess=True)


def lost_masks(node: ast.AST, context: Context) -> Iterator[Change]:
    """Change those elements only of which a condition holds."""
    first = context.evidence.first
    if not isinstance(node, ast.Assign) or first is None or not context.np:
        return
    target = node.targets[0]
    if len(node.targets) != 1 or not isinstance(target, ast.Name):
        return
    own = first.variables.get(target.id)
    if not isinstance(own, np.ndarray):
        return
    for name, mask in first.variables.items():
        is_mask = isinstance(mask, np.ndarray) and mask.dtype == np.bool_
        if is_mask and mask.shape == own.shape and name != target.id and mask.any():
            kept, asked = (ast.Name(one, ast.Load()) for one in (target.id, name))
            new = context.make("np.where(M, X, Y)", M=asked, X=node.value, Y=kept)
            octave = f"Octave changes only those elements of {target.id} for which {name} holds."
            python = "The port changes all of them."
            yield Change("condition", node.value, new, octave, python, is_guess=True)


def lost_operands(node: ast.AST, context: Context) -> Iterator[Change]:
    """Add a factor, a term or a bound anywhere, where no place is named."""
    first = context.evidence.first
    if first is None or first.own is not None or first.octave is not None:
        return
    if not isinstance(node, (ast.Name, ast.Call, ast.Subscript, ast.BinOp)) or is_target(node):
        return
    value = context.value(node)
    if not isinstance(value, NUMBERS) or isinstance(value, bool):
        return
    if np.asarray(value).dtype.kind in "iu" or _is_whole_number(value):
        for sign, word in ((ast.Add(), "more"), (ast.Sub(), "less")):
            new: ast.expr = ast.BinOp(node, sign, number(1))
            octave, python = f"Octave's value is one {word} here.", "The port counts otherwise."
            yield Change("off-by-one", node, new, octave, python, is_guess=True)
    for term in _terms(node, value, context):
        text = ast.unparse(term)
        octave, python = f"Octave's expression also holds {text}.", f"{text} is lost."
        for kind in (ast.Mult, ast.Div, ast.Add, ast.Sub):
            new = ast.BinOp(node, kind(), term)
            yield Change("lost-term", node, new, octave, python, is_guess=True)
        for bound in _bounds(value) if ast.dump(term) != ast.dump(node) else ():
            new = context.make(bound, X=node, Y=term)
            yield Change("lost-term", node, new, octave, python, is_guess=True)


def _is_whole_number(value: Any) -> bool:
    return isinstance(value, (float, np.floating)) and float(value).is_integer()


def _bounds(value: Any) -> tuple[str, str]:
    """Return the templates of a value with a bound above, or below, it."""
    if isinstance(value, np.ndarray):
        return "np.maximum(X, Y)", "np.minimum(X, Y)"
    return "max(X, Y)", "min(X, Y)"


def _mixes(value: Any, bound: Any) -> bool:
    """Whether some elements lie above a bound, and others below it: else nothing shows it."""
    if not isinstance(value, np.ndarray) or np.size(bound) not in (1, value.size):
        return False
    above = np.ravel(value) > np.ravel(bound)
    return bool(above.any() and not above.all())


def _terms(node: ast.expr, value: Any, context: Context) -> Iterator[ast.expr]:
    """Yield what fits a value: variables, and their elements where the statement is at."""
    first, places = context.evidence.first, list(_places(context))
    if context.np and (context.says("pi") or isinstance(context.parent(node), ast.Assign)):
        yield context.make("np.pi")
    for term, other in _beside(node, context):
        if isinstance(other, NUMBERS) and _keeps_shape(value, other):
            yield term
    variables = first.variables if first is not None else {}
    for name, other in list(variables.items())[:MOST_VARIABLES]:
        if not isinstance(other, NUMBERS) or isinstance(other, bool):
            continue
        if _keeps_shape(value, other):
            is_index = np.asarray(value).dtype.kind in "iu" and np.asarray(other).dtype.kind == "f"
            template = "int(X)" if is_index and np.size(other) == 1 else "X"
            yield context.make(template, X=ast.Name(name, ast.Load()))
        for base, index in places:
            beside = variables.get(base)
            if base != name and isinstance(beside, NUMBERS) and np.shape(other) == np.shape(beside):
                yield ast.Subscript(ast.Name(name, ast.Load()), index, ast.Load())


def _beside(node: ast.expr, context: Context) -> Iterator[tuple[ast.expr, Any]]:
    """Yield the operands elsewhere in a statement that are more than a name or a number.

    What is lost at one place may still stand at another.
    """
    seen = set()
    inside = {id(one) for one in ast.walk(node)}
    for one in ast.walk(context.evidence.statement):
        if not isinstance(one, ast.BinOp) or id(one) in inside:
            continue
        for operand in (one.left, one.right):
            is_compound = not isinstance(operand, (ast.Name, ast.Constant))
            if is_compound and id(operand) not in inside and ast.dump(operand) not in seen:
                seen.add(ast.dump(operand))
                if len(seen) > MOST_BESIDE:
                    return
                yield operand, context.value(operand)


def _keeps_shape(value: Any, term: Any) -> bool:
    """Whether a value has its own shape still when a term is added to it."""
    if np.size(term) in (1, np.size(value)):
        return True
    try:
        return bool(np.broadcast_shapes(np.shape(value), np.shape(term)) == np.shape(value))
    except ValueError:
        return False


def _places(context: Context) -> Iterator[tuple[str, ast.expr]]:
    """Yield the variables that a statement takes elements of, or changes, and where in them."""
    statement = context.evidence.statement
    if not isinstance(statement, (ast.Assign, ast.AugAssign, ast.Return, ast.Expr)):
        return
    for one in ast.walk(statement):
        if isinstance(one, ast.Subscript) and isinstance(one.value, ast.Name):
            yield one.value.id, one.slice


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


CHANGES = (lost_or_extra, lost_terms, lost_masks, lost_operands)
