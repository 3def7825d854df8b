"""Defaults of parameters: as a text has them, and in a live function.

A live function keeps its defaults where they are no constants and the text has them unchanged: they
may be objects that are known by what they are. May import `sources`.
"""

import ast
import copy
from collections.abc import Mapping
from dataclasses import dataclass
from types import CodeType, FunctionType
from typing import Any

from lockstep.sources.parameters import defaults_of

Defaults = tuple[tuple[Any, ...] | None, dict[str, Any] | None]
"""Of the parameters that may be given by place, and of those by name."""


@dataclass(frozen=True)
class Written:
    """A default that is no constant: the expression that gives it when the function is made."""

    text: str


def written_defaults(tree: ast.Module) -> dict[str, dict[str, Any]]:
    """Read the defaults of functions and methods by qualified name, and by that of the parameter.

    Those inside of functions are left out: a call makes them.
    """
    found: dict[str, dict[str, Any]] = {}

    def visit(body: list[ast.stmt], prefix: str) -> None:
        for node in body:
            if isinstance(node, ast.ClassDef):
                visit(node.body, f"{prefix}{node.name}.")
            elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                own = {name: _constant(value) for name, value in defaults_of(node)}
                found[f"{prefix}{node.name}"] = own

    visit(tree.body, "")
    return {name: own for name, own in found.items() if own}


def _constant(value: ast.expr) -> Any:
    try:
        return ast.literal_eval(value)
    except (ValueError, TypeError):
        return Written(ast.unparse(value))


def own_defaults(function: FunctionType) -> Defaults:
    """Return the defaults of a live function."""
    return function.__defaults__, function.__kwdefaults__


def set_defaults(function: FunctionType, defaults: Defaults) -> None:
    """Give a live function other defaults."""
    function.__defaults__, function.__kwdefaults__ = defaults


def renewed(
    code: CodeType,
    own: Defaults,
    new: Mapping[str, Any],
    before: Mapping[str, Any],
    names: dict[str, Any],
) -> Defaults:
    """Return the defaults of a function whose text is another.

    Parameters
    ----------
    code : code
        Of the function, as it was.
    own : Defaults
        What it had.
    new, before : mapping
        What both texts say, by parameter.
    names : dict
        What the names of its module stand for.

    Raises
    ------
    Exception
        Whatever an expression raises that gives a default.
    """
    places = code.co_varnames[: code.co_argcount]
    named = code.co_varnames[code.co_argcount : code.co_argcount + code.co_kwonlyargcount]
    given = own[0] or ()
    live = {**dict(zip(places[len(places) - len(given) :], given, strict=True)), **(own[1] or {})}

    def value(name: str) -> Any:
        one = new[name]
        if not isinstance(one, Written):
            return copy.deepcopy(one)
        if name in live and before.get(name) == one:
            return live[name]
        return eval(one.text, names)

    by_place = tuple(value(name) for name in places if name in new)
    by_name = {name: value(name) for name in named if name in new}
    return by_place or None, by_name or None
