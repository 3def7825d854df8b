"""What a function is not given: weights, places, a number of points, a dtype; its parameters.

May import `change`, `context` and `rewriting`.
"""

import ast
from collections.abc import Iterator
from itertools import combinations

import numpy as np

from lockstep.explain.changes.change import Change
from lockstep.explain.changes.context import (
    Context,
    called,
    constant,
    keyword,
    with_arguments,
    with_keywords,
)
from lockstep.explain.changes.rewriting import extent, segment

ORDER = 18
KEYS = (
    "argument-order",
    "draw-order",
    "empty",
    "integer-class",
    "lost-argument",
    "number-of-points",
    "seed",
    "weights",
)


def weights(node: ast.AST, context: Context) -> Iterator[Change]:
    """Weigh the values of a mean."""
    if not isinstance(node, ast.Call) or called(node) not in ("mean", "nanmean", "average"):
        return
    arguments = context.arguments(node)
    data = context.array(arguments[0]) if arguments else None
    if data is None or not context.np:
        return
    if keyword(node, "weights") is not None:
        octave, python = "Octave's mean has no weights.", "np.average weighs the values here."
        new: ast.expr = with_keywords(node, ("weights",))
        yield Change("weights", node, new, octave, python)
        return
    octave = "Octave weighs the values: sum(w .* x) / sum(w)."
    python = f"{called(node)} gives all values the same weight unless it is given some."
    for name, value in _variables(context):
        if isinstance(value, np.ndarray) and value.size in (data.size, len(data)):
            new = context.make("np.average(X, weights=W)", X=arguments[0], W=_name(name))
            given = keyword(node, "axis")
            if given is not None:
                new = context.make(
                    "np.average(X, axis=A, weights=W)", X=arguments[0], A=given, W=_name(name)
                )
            yield Change("weights", node, new, octave, python, is_guess=True)


def period(node: ast.AST, context: Context) -> Iterator[Change]:
    """Say that angles that are unwrapped are degrees."""
    if called(node) == "unwrap" and isinstance(node, ast.Call) and not keyword(node, "period"):
        octave = "Octave unwraps radians: degrees are turned into them, and back."
        python = "np.unwrap takes radians unless period says otherwise."
        yield Change("lost-argument", node, with_keywords(node, period=360), octave, python)


def places(node: ast.AST, context: Context) -> Iterator[Change]:
    """Give an integral or a slope the places of its values."""
    name = called(node)
    if name not in ("trapezoid", "trapz", "simpson", "gradient", "cumulative_trapezoid"):
        return
    if not isinstance(node, ast.Call) or len(node.args) != 1 or keyword(node, "x") is not None:
        return
    data = context.array(node.args[0])
    if data is None:
        return
    octave = "Octave is given the places of the values, too."
    python = f"{name} takes the values to be one apart unless it is given their places."
    for other, value in _variables(context):
        if isinstance(value, np.ndarray) and value.size in data.shape and value is not data:
            new: ast.expr = with_arguments(node, [*node.args, _name(other)])
            yield Change("lost-argument", node, new, octave, python, is_guess=True)
        elif isinstance(value, float):
            new = with_keywords(node, dx=_name(other))
            if name == "gradient":
                new = with_arguments(node, [*node.args, _name(other)])
            yield Change("lost-argument", node, new, octave, python, is_guess=True)


def points(node: ast.AST, context: Context) -> Iterator[Change]:
    """Take Octave's number of points of ``linspace``, and its order of ``diff``."""
    if not isinstance(node, ast.Call):
        return
    if called(node) == "linspace" and len(node.args) == 2 and keyword(node, "num") is None:
        octave = "Octave's linspace gives 100 points unless told otherwise."
        python = "np.linspace gives 50."
        new = with_arguments(node, [*node.args, ast.Constant(100)])
        yield Change("number-of-points", node, new, octave, python)
    if called(node) == "diff" and len(node.args) == 1:
        octave = "diff(x, 2) takes the differences of the differences."
        new = with_arguments(node, [*node.args, ast.Constant(2)])
        python = "np.diff takes them once unless told otherwise."
        yield Change("lost-argument", node, new, octave, python, is_guess=True)


_MAKERS = ("zeros", "ones", "empty", "full", "array", "asarray", "zeros_like", "ones_like",
           "empty_like", "full_like")  # fmt: skip


def whole_arrays(node: ast.AST, context: Context) -> Iterator[Change]:
    """Make an array of doubles, so that nothing is cut off what is stored in it."""
    if not isinstance(node, ast.Call) or called(node) not in _MAKERS or not context.np:
        return
    value = context.array(node)
    if value is None or value.dtype.kind not in "iu":
        return
    octave = "An array of numbers is double in Octave unless it is told a class."
    python = f"An array of {value.dtype.name} cuts the fraction off all that is stored in it."
    if keyword(node, "dtype") is not None and called(node) in ("zeros", "ones", "empty"):
        new = with_keywords(node, ("dtype",))
    elif called(node) in ("zeros", "empty") and len(node.args) == 2:
        new = with_arguments(node, node.args[:1])
    else:
        new = with_keywords(node, dtype=ast.Name("float", ast.Load()))
    yield Change("integer-class", node, new, octave, python, keeps_value=True)


def indices_and_masks(node: ast.AST, context: Context) -> Iterator[Change]:
    """Make an array of truth values, or of whole numbers, which can be an index, not of floats."""
    if not isinstance(node, ast.Call) or called(node) not in _MAKERS:
        return
    value = context.array(node)
    if value is None or value.dtype.kind != "f" or keyword(node, "dtype") is not None:
        return
    python = f"An array of {value.dtype.name} is neither an index nor a mask."
    if np.isin(value, (0, 1)).all():
        new = with_keywords(node, dtype=_name("bool"))
        octave = "What is a mask is logical in Octave."
        yield Change("lost-argument", node, new, octave, python, is_guess=True, keeps_value=True)
    if np.array_equal(value, np.round(value)):
        new = with_keywords(node, dtype=_name("int"))
        octave = "In Octave a whole number of any class is an index."
        yield Change("lost-argument", node, new, octave, python, is_guess=True, keeps_value=True)


def draws(node: ast.AST, context: Context) -> Iterator[Change]:
    """Fill a matrix of random numbers column by column; seed as Octave does."""
    if not isinstance(node, ast.Call) or not node.args or node.keywords:
        return
    name = called(node)
    python = f"{name} fills a matrix row by row."
    octave = "rand fills a matrix column by column."
    if name in ("rand", "randn", "random", "random_sample", "standard_normal"):
        size = context.value(node.args[0])
        turned: ast.expr | None = None
        if len(node.args) == 2:
            turned = with_arguments(node, node.args[::-1])
        elif isinstance(node.args[0], ast.Tuple) and len(node.args[0].elts) == 2:
            turned = with_arguments(node, [ast.Tuple(node.args[0].elts[::-1], ast.Load())])
        elif isinstance(size, tuple) and len(size) == 2:
            turned = with_arguments(node, [context.make("X[::-1]", X=node.args[0])])
        if turned is not None:
            yield Change("draw-order", node, context.make("X.T", X=turned), octave, python)
    if name in ("RandomState", "seed") and len(node.args) == 1:
        octave = 'rand("twister", s) begins from the state that is made of [s], as an array.'
        python = f"{name}(s) begins from another one than {name}([s])."
        if not isinstance(node.args[0], ast.List):
            new = with_arguments(node, [ast.List([node.args[0]], ast.Load())])
            yield Change("seed", node, new, octave, python)


def of_nothing(node: ast.AST, context: Context) -> Iterator[Change]:
    """Give the largest or smallest of nothing a value to begin with."""
    if not isinstance(node, ast.Call) or called(node) not in ("max", "min", "amax", "amin"):
        return
    arguments = context.arguments(node)
    data = context.array(arguments[0]) if arguments else None
    if data is None or data.size or constant(keyword(node, "initial")) == 0:
        return
    name = called(node).removeprefix("a")
    octave = f"The {name} of nothing is empty in Octave, and no error."
    python = f"{called(node)} of an empty array raises an error unless it is given initial."
    yield Change("empty", node, with_keywords(node, initial=0), octave, python)


def whole_floats(node: ast.AST, context: Context) -> Iterator[Change]:
    """Make an integer of a whole float that is named: it may be an index, or a size."""
    if node is not context.evidence.expression or not isinstance(node, ast.expr):
        return
    value = context.value(node)
    if isinstance(value, (float, np.floating)) and float(value).is_integer():
        octave = "In Octave a whole number of any class is an index, or a size."
        python = "A float is neither in Python, not even a whole one."
        new = context.make("int(X)", X=node)
        yield Change("integer-class", node, new, octave, python, is_guess=True, keeps_value=True)


MOST_PARAMETERS = 8
"""Parameters of a function of which any two may be exchanged."""


def parameters(node: ast.AST, context: Context) -> Iterator[Change]:
    """Exchange two parameters of a function, which is given its arguments by their places."""
    if not isinstance(node, ast.FunctionDef):
        return
    every = [*node.args.posonlyargs, *node.args.args]
    every = every[: len(every) - len(node.args.defaults)]
    text = segment(context.evidence.text, node)
    start = extent(context.evidence.text, node)[0]
    for one, other in combinations(every[:MOST_PARAMETERS], 2):
        (begins, ends), (later, last) = (
            (at - start for at in extent(context.evidence.text, part)) for part in (one, other)
        )
        written = text[begins:ends], text[ends:later], text[later:last]
        swapped = text[:begins] + "".join(reversed(written)) + text[last:]
        octave = f"Octave is given what is {one.arg} here after what is {other.arg}."
        python = f"The port takes them the other way round, {one.arg} first."
        yield Change("argument-order", node, None, octave, python, lines=swapped)


def _variables(context: Context) -> list[tuple[str, object]]:
    first = context.evidence.first
    return list(first.variables.items()) if first is not None else []


def _name(text: str) -> ast.expr:
    return ast.Name(text, ast.Load())


CHANGES = (
    weights,
    period,
    places,
    points,
    whole_arrays,
    indices_and_masks,
    draws,
    of_nothing,
    parameters,
    whole_floats,
)
