"""Numbers: rounding, remainders, classes, complex results. May import `change` and `context`."""

import ast
from collections.abc import Callable, Iterator
from types import FunctionType
from typing import Any

import numpy as np

from lockstep.explain.changes.change import Change
from lockstep.explain.changes.context import (
    Context,
    called,
    constant,
    keyword,
)

ORDER = 11
KEYS = (
    "complex",
    "eps",
    "halves",
    "integer-class",
    "integer-division",
    "integer-rounding",
    "limits",
    "realmin",
    "rem",
    "rounding",
    "saturate",
    "single",
    "true-division",
)

AWAY = "Octave rounds halves away from zero."


def halves(node: ast.AST, context: Context) -> Iterator[Change]:
    """``round``: halves away from zero against to even."""
    name = called(node)
    if name not in ("round", "rint", "around", "round_") or not isinstance(node, ast.Call):
        return
    data, *rest = context.arguments(node)
    digits = rest[0] if rest else keyword(node, "decimals") or keyword(node, "ndigits")
    shown = "np.round" if name != "round" or isinstance(node.func, ast.Attribute) else "round"
    python = f"{shown} rounds halves to the even neighbour."
    octave = AWAY
    if digits is None or constant(digits) == 0:
        new = _away(data, context)
        if digits is None and isinstance(node.func, ast.Name):  # Python's own gives an int
            new = context.make("int(X)", X=new)
        yield Change("halves", node, new, octave, python)
    else:
        power: ast.expr = ast.BinOp(ast.Constant(10), ast.Pow(), digits)
        if isinstance(constant(digits), int) and constant(digits) > 0:
            power = ast.Constant(10 ** constant(digits))
        scaled = ast.BinOp(data, ast.Mult(), power)
        new = ast.BinOp(_away(scaled, context), ast.Div(), power)
        yield Change("halves", node, new, octave, python)
    for word, new, doubtful in _ways(data, context):
        if word != "round":
            rule = f"Octave's {word} is what gives its value."
            python = f"{shown} rounds to the nearest."
            yield Change("rounding", node, new, rule, python, is_guess=doubtful)


_HALVES = np.array([-2.5, -1.5, -0.6, -0.2, 0.5, 1.5, 2.4, 2.5])
_ROUNDED = np.array([-3.0, -2.0, -1.0, 0.0, 1.0, 2.0, 2.0, 3.0])


def _own_rounding(context: Context) -> str:
    """Name a function of the port's own module that rounds halves away from zero."""
    for name, found in context.globals.items():
        if isinstance(found, FunctionType) and found.__module__ == context.globals.get("__name__"):
            if found.__code__.co_argcount != 1:
                continue
            try:
                if np.array_equal(found(_HALVES.copy()), _ROUNDED):
                    return name
            except Exception:
                continue
    return ""


def _away(data: ast.expr, context: Context, unsigned: bool = False) -> ast.expr:
    own = _own_rounding(context)
    if own:
        return context.make(f"{own}(X)", X=data)
    if context.np and unsigned:
        return context.make("np.floor(X + 0.5)", X=data)
    if context.np:
        return context.make("np.trunc(X + np.copysign(0.5, X))", X=data)
    return context.make("int(X + (0.5 if X >= 0 else -0.5))", X=data)


def _function(name: str, data: ast.expr, context: Context) -> ast.expr:
    if context.np:
        return context.make(f"np.{name}(X)", X=data)
    return context.make(f"math.{name}(X)", X=data)


_RULES = {
    "fix": "fix cuts towards zero.", "floor": "floor goes down for negative numbers.",
    "ceil": "ceil goes up.", "round": AWAY,
}  # fmt: skip


def _ways(
    data: ast.expr, context: Context, unsigned: bool = False
) -> Iterator[tuple[str, ast.expr, bool]]:
    """Yield Octave's four ways to round, each with whether Octave's counterpart names another."""
    said = [word for word in _RULES if context.says(word)]
    for word in _RULES:
        if word == "round":
            new = _away(data, context, unsigned)
        else:
            new = _function("trunc" if word == "fix" else word, data, context)
        yield word, new, bool(said) and word not in said


def direction(node: ast.AST, context: Context) -> Iterator[Change]:
    """``floor``, ``ceil``, ``fix`` and ``int``: which way a number is cut."""
    name = called(node)
    if isinstance(node, ast.Call) and name in ("floor", "ceil", "trunc", "fix"):
        data = context.arguments(node)[0]
        python = f"{name} " + {
            "floor": "goes down, away from zero for negative numbers; np.trunc is fix.",
            "ceil": "goes up.", "trunc": "cuts towards zero.", "fix": "cuts towards zero.",
        }[name]  # fmt: skip
        for word, new, doubtful in _ways(data, context):
            if word != {"trunc": "fix"}.get(name, name):
                yield Change("rounding", node, new, _RULES[word], python, is_guess=doubtful)
        if name == "floor":
            new = ast.BinOp(_function("ceil", data, context), ast.Sub(), ast.Constant(1))
            octave = "ceil(x) - 1 gives a whole number to the interval below it."
            python = "floor gives it to the interval above it."
            yield Change("rounding", node, new, octave, python)
    is_cast = _is_whole_cast(node)
    if is_cast is not None and isinstance(node, ast.Call):
        data, rebuilt = is_cast
        yield from _other_casts(node, data, rebuilt, context)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.FloorDiv):
        quotient = ast.BinOp(node.left, ast.Div(), node.right)
        octave = "The quotient of two integers is rounded to the nearest integer."
        if not context.says("int8", "int16", "int32", "int64", "uint8", "uint16", "uint32"):
            octave = "Octave's quotient is rounded to the nearest."
        rounded = _away(quotient, context)
        value = context.value(node)
        if isinstance(value, (np.ndarray, np.generic)) and value.dtype.kind in "iu":
            cast = context.make(f"X.astype(np.{value.dtype.name})", X=rounded)
            yield Change("integer-division", node, cast, octave, "// rounds down.")
            yield Change("integer-division", node, rounded, octave, "// rounds down.")
        else:
            yield Change("integer-division", node, rounded, octave, "// rounds down.")
        new = _function("trunc", quotient, context)
        octave = "fix cuts the quotient towards zero."
        yield Change("rounding", node, new, octave, "// rounds down.")
        negative = ast.BinOp(ast.UnaryOp(ast.USub(), node.left), node.op, node.right)
        octave = "ceil rounds the quotient up."
        new = ast.UnaryOp(ast.USub(), negative)
        yield Change("rounding", node, new, octave, "// rounds down.")
        octave = "Octave's / of doubles keeps the fraction."
        yield Change("true-division", node, quotient, octave, "// rounds down.")
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div):
        new = ast.BinOp(node.left, ast.FloorDiv(), node.right)
        octave, python = "Octave rounds the quotient down.", "/ keeps the fraction."
        yield Change("true-division", node, new, octave, python, is_guess=True)


def _other_casts(
    node: ast.Call, data: ast.expr, rebuilt: Callable[[ast.expr], ast.expr], context: Context
) -> Iterator[Change]:
    """Round before a number becomes an integer."""
    unsigned = "uint" in ast.unparse(node)
    for word, new, doubtful in _ways(data, context, unsigned):
        if word == "fix":
            continue  # that is what the conversion does
        key, octave = "rounding", _RULES[word]
        python = "A conversion to int cuts towards zero."
        if word == "round":
            key = "integer-rounding"
            octave = "A conversion to an integer class rounds to the nearest in Octave."
            python = f"{called(node)} of an integer class cuts off the decimals."
            if called(node) != "astype":
                python = f"{called(node)}() cuts off the decimals."
            if context.says("round"):
                key, octave = "rounding", AWAY
        yield Change(key, node, rebuilt(new), octave, python, is_guess=doubtful)
        limits = _limits_passed(node, data, context)
        if word == "round" and limits is not None:
            within = context.make(f"np.clip(X, {limits.min}, {limits.max})", X=new)
            octave = f"A conversion to an integer class stays at its limits, as {limits.max}."
            python = f"{called(node)} of an integer class wraps around beyond them."
            yield Change("saturate", node, rebuilt(within), octave, python)


def _limits_passed(node: ast.Call, data: ast.expr, context: Context) -> "np.iinfo[Any] | None":
    """Return the limits of a class of integers, where what is made one is beyond them."""
    dtype, value = _dtype(context.value(node)), context.value(data)
    if dtype is None or dtype.kind not in "iu" or not context.np:
        return None
    limits = np.iinfo(dtype)
    is_beyond = np.any((value < limits.min) | (value > limits.max))
    return limits if is_beyond else None


def _dtype(value: Any) -> Any:
    return getattr(value, "dtype", None)


def _is_whole_cast(node: ast.AST) -> Any:
    """Return what is cast to an integer class, and a function that casts something else."""
    if not isinstance(node, ast.Call):
        return None
    if called(node) == "astype" and isinstance(node.func, ast.Attribute) and node.args:
        target = ast.unparse(node.args[0])
        if "int" in target:
            method = node.func

            def recast(inner: ast.expr) -> ast.expr:
                function = ast.Attribute(inner, method.attr, ast.Load())
                return ast.Call(function, node.args, node.keywords)

            return method.value, recast
    name = called(node)
    is_int = name.rstrip("0123456789") in ("int", "uint", "int_")
    if is_int and len(node.args) == 1 and not node.keywords:
        return node.args[0], lambda inner: ast.Call(node.func, [inner], [])
    return None


def remainder(node: ast.AST, context: Context) -> Iterator[Change]:
    """``mod`` against ``rem``."""
    name = called(node)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod):
        x, y, name = node.left, node.right, "%"
    elif (
        isinstance(node, ast.Call) and len(node.args) == 2 and name in ("fmod", "mod", "remainder")
    ):
        x, y = node.args
    else:
        return
    if isinstance(context.value(x), str):
        return
    if name == "fmod":
        new: ast.expr = ast.BinOp(x, ast.Mod(), y)
        octave = "mod has the sign of the divisor."
        yield Change("rem", node, new, octave, f"{name} has that of the dividend.")
    else:
        new = context.make("np.fmod(X, Y)" if context.np else "math.fmod(X, Y)", X=x, Y=y)
        octave = "rem has the sign of the dividend."
        yield Change(
            "rem", node, new, octave, f"{name} has the sign of the divisor, as Octave's mod."
        )
    if name == "%" and np.ndim(context.value(y)) == 0 and context.value(y) == 0:
        new = context.make("X if Y == 0 else X % Y", X=x, Y=y)
        yield Change("rem", node, new, "Octave's mod(x, 0) is x.", "x % 0 is NaN or an error.")


def saturated(node: ast.AST, context: Context) -> Iterator[Change]:
    """Integers that saturate and round against those that wrap around."""
    if not isinstance(node, ast.BinOp) or not context.np:
        return
    value = context.value(node)
    dtype = _dtype(value)
    first = context.evidence.first
    if dtype is None and first is not None and node is context.evidence.expression:
        dtype = _dtype(first.own)
    if dtype is None or np.dtype(dtype).kind not in "iu" or isinstance(node.op, ast.FloorDiv):
        return
    info, name = np.iinfo(dtype), np.dtype(dtype).name
    left = context.value(node.left)
    side, other = node.left, node.right
    if not isinstance(left, (np.ndarray, np.generic)):
        side, other = other, side
    wide = context.make("X.astype(float)", X=side)
    parts = (wide, other) if side is node.left else (other, wide)
    result = ast.BinOp(parts[0], node.op, parts[1])
    template = f"np.clip(X, {info.min}, {info.max}).astype(np.{name})"
    new = context.make(template, X=result)
    octave = f"Octave's integers saturate: beyond {info.max} they stay at {info.max}."
    python = f"NumPy's {name} wraps around: {info.max} + 1 is {info.min}."
    yield Change("saturate", node, new, octave, python)


def classes(node: ast.AST, context: Context) -> Iterator[Change]:
    """Single against double; an integer class against double."""
    if not isinstance(node, ast.expr):
        return
    value = context.value(node)
    dtype = _dtype(value)
    if isinstance(value, (np.ndarray, np.generic)) and dtype is not None:
        if dtype == np.float32:
            octave = "Octave computes in double here."
            if context.says("double"):
                octave = "double makes the arithmetic that follows double."
            python = "A float32 array stays float32, and so is what is computed from it."
            new = context.make("X.astype(float)", X=node)
            yield Change("single", node, new, octave, python, keeps_value=True)
        elif dtype.kind in "iu" and dtype.itemsize < 8 and isinstance(value, np.ndarray):
            octave = "Octave computes in double here."
            python = f"An array of {dtype.name} stays {dtype.name}: it wraps around."
            new = context.make("X.astype(float)", X=node)
            yield Change("integer-class", node, new, octave, python, keeps_value=True)
        elif dtype == np.float64 and context.says("single"):
            octave = "single rounds to single precision."
            new = context.make("X.astype(np.float32)", X=node)
            yield Change("single", node, new, octave, "The port stays in double precision.")
    is_mask = isinstance(value, np.ndarray) and value.dtype == np.bool_
    if is_mask and _is_computed_with(node, context):
        octave = "Octave computes with true and false as with 1 and 0."
        python = "NumPy adds bool arrays by or: true + true is true; - of them is an error."
        new = context.make("X.astype(float)", X=node)
        yield Change("integer-class", node, new, octave, python, keeps_value=True)
    if called(node) == "astype" and isinstance(node, ast.Call):
        assert isinstance(node.func, ast.Attribute)
        octave = "Octave keeps the class of the numbers here."
        python = f"astype({ast.unparse(node.args[0])}) changes it." if node.args else ""
        yield Change("integer-class", node, node.func.value, octave, python, is_guess=True)


def _is_computed_with(node: ast.expr, context: Context) -> bool:
    """Whether a value is an operand, or what a variable is given."""
    around = context.parent(node)
    is_whole = isinstance(around, ast.Assign) and around.value is node
    return is_whole or isinstance(around, (ast.BinOp, ast.AugAssign))


def complex_results(node: ast.AST, context: Context) -> Iterator[Change]:
    """Roots, logarithms and arcs that are complex in Octave and NaN in NumPy."""
    name = called(node)
    names = ("sqrt", "log", "log2", "log10", "log1p", "arcsin", "arccos", "arctanh", "power")
    if isinstance(node, ast.Call) and name in names and isinstance(node.func, ast.Attribute):
        data = context.arguments(node)
        value = context.value(data[0])
        what = {"sqrt": "sqrt of a negative number is imaginary."}.get(
            name, f"{name} of a number outside of its real range is complex."
        )
        if name.startswith("log"):
            what = "log of a negative number is complex, with the log of its size as real part."
        python = f"{ast.unparse(node.func)} of a negative float is NaN."
        if context.np and np.isrealobj(value) and _has(value, lambda v: (v < 0) | (np.abs(v) > 1)):
            new = context.make(f"np.emath.{name}(X)", X=data[0])
            assert isinstance(new, ast.Call)
            new = ast.Call(new.func, list(data), node.keywords)
            yield Change("complex", node, new, what, python)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Pow):
        value = context.value(node.left)
        is_real = isinstance(value, (np.ndarray, np.generic, float)) and np.isrealobj(value)
        if context.np and is_real and _has(value, lambda v: v < 0):
            new = context.make("np.emath.power(X, Y)", X=node.left, Y=node.right)
            octave = "A fractional power of a negative number is complex."
            python = "** of a negative float is NaN."
            yield Change("complex", node, new, octave, python)


def _has(value: Any, test: Any) -> bool:
    try:
        return bool(np.any(test(np.asarray(value))))
    except TypeError:
        return False


_LIMITS = {"eps": "eps", "realmin": "tiny", "realmax": "max", "flintmax": "max"}


def limits(node: ast.AST, context: Context) -> Iterator[Change]:
    """``realmin``, ``realmax`` and ``eps``."""
    if not isinstance(node, ast.Attribute) or called(node.value) != "finfo":
        return
    for other, octave in (
        ("tiny", "realmin is the smallest positive normal number."),
        ("max", "realmax is the largest number."),
        ("eps", "eps is the distance from 1 to the next number."),
    ):
        if other != node.attr:
            python = {
                "min": "np.finfo(float).min is the most negative number; tiny is realmin.",
                "eps": "np.finfo(float).eps is the distance from 1 to the next number.",
                "max": "np.finfo(float).max is the largest number.",
            }.get(node.attr, f"np.finfo(float).{node.attr} is another limit.")
            new: ast.expr = ast.Attribute(node.value, other, ast.Load())
            yield Change("realmin" if other == "tiny" else "limits", node, new, octave, python)
    first = context.evidence.first
    if node.attr == "eps" and first is not None and context.np:
        octave = "eps(x) is the distance from x to the next larger number."
        python = "np.finfo(float).eps is the distance from 1 to it, whatever the data."
        for name, value in first.variables.items():
            if isinstance(value, (np.ndarray, float, np.floating)):
                template = "np.spacing(X)"
                if isinstance(value, np.ndarray) and value.ndim > 0:
                    template = "np.spacing(X.max())"
                new = context.make(template, X=ast.Name(name, ast.Load()))
                yield Change("eps", node, new, octave, python)


CHANGES = (
    halves, direction, remainder, saturated, complex_results, limits, classes,
)  # fmt: skip
