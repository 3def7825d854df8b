"""Options of calls: flags turned round, other words of the same kind, what other calls are given.

May import `change` and `context`.
"""

import ast
import inspect
from collections.abc import Iterator
from typing import Any

from lockstep.explain.changes.change import Change
from lockstep.explain.changes.context import Context, called, keyword, with_keywords

ORDER = 24
KEYS = ("library-default",)

_WORDS = (
    ("reflect", "constant", "nearest", "mirror", "wrap"),
    ("constant", "edge", "reflect", "symmetric", "wrap"),
    ("fill", "symm", "wrap"),
    ("full", "same", "valid"),
    ("left", "right"),
    ("xy", "ij"),
    ("linear", "nearest", "cubic", "quadratic", "zero", "previous", "next"),
    ("constant", "linear"),
    ("average", "min", "max", "dense", "ordinal"),
    ("two-sided", "less", "greater"),
    ("density", "spectrum"),
    ("backward", "forward", "ortho"),
    ("single", "complete", "average", "weighted", "ward"),
    ("euclidean", "sqeuclidean", "cityblock", "chebyshev", "cosine", "correlation"),
)
"""Words one of which the functions of NumPy and SciPy are given for an option."""

_NO_MATTER = frozenset(
    ["check_finite", "copy", "disp", "full", "full_output", "keepdims", "retstep", "subok"]
)
"""Flags that leave the values as they are, or give others beside them."""


def flags(node: ast.AST, context: Context) -> Iterator[Change]:
    """Turn round a flag of the function that is called, or give it another word."""
    if not isinstance(node, ast.Call):
        return
    for name, default in _defaults(context.value(node.func)).items():
        given = keyword(node, name)
        if given is not None or name in _NO_MATTER or name.startswith(("return_", "overwrite_")):
            continue
        others = [not default] if isinstance(default, bool) else _beside(default)
        for other in others:
            octave = f"Octave does what {name}={other!r} does."
            python = f"{called(node)} has {name}={default!r} unless told otherwise."
            new = with_keywords(node, (), **{name: other})
            yield Change("library-default", node, new, octave, python, is_guess=True)


def _defaults(function: Any) -> dict[str, bool | str]:
    """Return the flags, and the words, that a function has unless it is given others."""
    try:
        given = inspect.signature(function).parameters.values() if callable(function) else ()
    except (TypeError, ValueError):
        return {}
    return {
        one.name: one.default
        for one in given
        if isinstance(one.default, (bool, str)) and one.kind is not one.POSITIONAL_ONLY
    }


def _beside(word: object) -> list[str]:
    """List the other words of the kinds that a word is of."""
    kinds = (kind for kind in _WORDS if word in kind)
    return [one for one in dict.fromkeys(one for kind in kinds for one in kind) if one != word]


def given_words(node: ast.AST, context: Context) -> Iterator[Change]:
    """Give another word than the one that is given."""
    around = context.parent(node)
    if not isinstance(node, ast.Constant) or not isinstance(around, (ast.Call, ast.keyword)):
        return
    for other in _beside(node.value):
        octave, python = f"Octave does what {other!r} does.", f"The port gives {node.value!r}."
        new = ast.Constant(other)
        yield Change("library-default", node, new, octave, python, is_guess=True)


def as_other_calls(node: ast.AST, context: Context) -> Iterator[Change]:
    """Give a keyword that other calls of the function are given, and this one is not."""
    if not isinstance(node, ast.Call) or not called(node):
        return
    for other in ast.walk(context.evidence.tree):
        if called(other) != called(node) or not isinstance(other, ast.Call) or other is node:
            continue
        for one in other.keywords:
            if one.arg is None or keyword(node, one.arg) is not None:
                continue
            words = _beside(one.value.value) if isinstance(one.value, ast.Constant) else []
            for value in (one.value, *map(ast.Constant, words)):
                text = f"{one.arg}={ast.unparse(value)}"
                octave = f"Octave does what {text} does."
                python = f"This call of {called(node)} is not given {one.arg}, another is."
                new = with_keywords(node, (), **{one.arg: value})
                yield Change("library-default", node, new, octave, python, is_guess=True)


def other_end(node: ast.AST, context: Context) -> Iterator[Change]:
    """Take the differences with a value after the last, in place of one before the first."""
    if not isinstance(node, ast.Call) or called(node) != "diff" or not node.args:
        return
    for name, other, place in (("prepend", "append", 0), ("append", "prepend", -1)):
        if keyword(node, name) is None:
            continue
        end = ast.Subscript(node.args[0], ast.Constant(place), ast.Load())
        for value in (end, keyword(node, name)):
            new = with_keywords(node, (name,), **{other: value})
            octave = f"Octave puts the value {'after' if place == 0 else 'before'} the others."
            python = f"{name} puts it at the other end."
            yield Change("library-default", node, new, octave, python, is_guess=True)


CHANGES = (flags, given_words, as_other_calls, other_end)
