"""Neighbours: of the last and the first in a ring, and of what stands before the first.

May import `change` and `context`.
"""

import ast
import re
from collections.abc import Iterator

import numpy as np

from lockstep.explain.changes.change import Change
from lockstep.explain.changes.context import Context, called

ORDER = 14
KEYS = ("lost-term", "range-end", "start-value")

MOST_NUMBERS = 6
"""Numbers of Octave that may stand before the first."""

MOST_STARTS = 16
"""Numbers of Octave that something may begin with."""

OCTAVE = "Octave takes the last with the first, too."


def closed(node: ast.AST, context: Context) -> Iterator[Change]:
    """Take the last with the first, too, where each is taken with the one after it."""
    if not isinstance(node, ast.Call) or node.keywords:
        return
    python = "These end before the first comes again."
    if called(node) == "pairwise" and len(node.args) == 1:
        given = node.args[0]
        around = ast.List([ast.Starred(given, ast.Load()), _first(given)], ast.Load())
        new = ast.Call(node.func, [around], [])
        yield Change("range-end", node, new, OCTAVE, python)
    if called(node) != "zip" or len(node.args) != 2:
        return
    for place in (0, 1):
        whole, rest = node.args[1 - place], node.args[place]
        if not _is_without_first(rest, whole):
            continue
        is_array = isinstance(context.value(whole), np.ndarray)
        template = "np.roll(X, -1, axis=0)" if is_array else "[*R, F]"
        turned = context.make(template, X=whole, R=rest, F=_first(whole))
        args = [whole, turned] if place else [turned, whole]
        yield Change("range-end", node, ast.Call(node.func, args, []), OCTAVE, python)


def _first(given: ast.expr) -> ast.expr:
    return ast.Subscript(given, ast.Constant(0), ast.Load())


def _is_without_first(one: ast.expr, whole: ast.expr) -> bool:
    """Whether an expression is another one from its second element on."""
    return ast.unparse(one) == f"{ast.unparse(whole)}[1:]"


def before_first(node: ast.AST, context: Context) -> Iterator[Change]:
    """Begin, or end, with a number beside which the first, or the last, is taken as well."""
    if not isinstance(node, ast.Call) or called(node) not in ("diff", "pairwise"):
        return
    if len(node.args) != 1 or node.keywords:
        return
    numbers = dict.fromkeys(["0", "1", *context.octave_numbers()])
    for text in list(numbers)[:MOST_NUMBERS]:
        value, given = ast.parse(text, mode="eval").body, node.args[0]
        octave, python = f"Octave has {text} beside these.", f"{text} is lost."
        if called(node) == "diff":
            sides = [ast.Call(node.func, [given], [ast.keyword(name, value)]) for name in _ENDS]
        else:
            kept = ast.Starred(given, ast.Load())
            lists = [ast.List(both, ast.Load()) for both in ([value, kept], [kept, value])]
            sides = [ast.Call(node.func, [one], []) for one in lists]
        for new in sides:
            yield Change("lost-term", node, new, octave, python, is_guess=True)


_ENDS = "prepend", "append"


def begun(node: ast.AST, context: Context) -> Iterator[Change]:
    """Begin ``reduce`` or ``accumulate`` with a number of Octave's, not with the first element."""
    if not isinstance(node, ast.Call) or node.keywords:
        return
    is_reduced = called(node) == "reduce" and len(node.args) == 2
    if not is_reduced and not (called(node) == "accumulate" and len(node.args) in (1, 2)):
        return
    whole = context.evidence.octave_function
    said = [*_NUMBER.findall(whole), *(f"0x{digits}" for digits in _HEXADECIMAL.findall(whole))]
    for text in list(dict.fromkeys(["0", "1", *reversed(said)]))[:MOST_STARTS]:
        value = ast.parse(text, mode="eval").body
        new = (
            ast.Call(node.func, [*node.args, value], [])
            if is_reduced
            else ast.Call(node.func, node.args, [ast.keyword("initial", value)])
        )
        octave, python = f"Octave begins with {text}.", "The port begins with the first element."
        yield Change("start-value", node, new, octave, python)


_NUMBER = re.compile(r"(?<![\w.])(?:0|[1-9]\d*)(?:\.\d+)?(?![\w.])")
_HEXADECIMAL = re.compile(r"hex2dec\s*\(\s*['\"]([0-9A-Fa-f]+)")

CHANGES = (closed, before_first, begun)
