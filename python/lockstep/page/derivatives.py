"""The derivative of what one node of an execution gives by each of its inputs, as numbers.

A literal is no node, so that an operation may have one input where it had two operands: which of
them is left is seen from where it stands. May import `model`.
"""

import math
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from lockstep.model.execution import Execution, Kind, Site


class NotDerivedError(Exception):
    """The derivative of an operation is not known; the message names it."""


def number(value: Any) -> float:
    """Return a value as the one number that it is; NaN where it is none."""
    try:
        array = np.asarray(value, dtype=float)
    except (TypeError, ValueError):
        return math.nan
    return float(array.ravel()[0]) if array.size == 1 else math.nan


FUNCTIONS: dict[str, Callable[[float, float], float]] = {
    "exp": lambda x, y: y,
    "log": lambda x, y: 1 / x,
    "sqrt": lambda x, y: 0.5 / y,
    "sin": lambda x, y: math.cos(x),
    "cos": lambda x, y: -math.sin(x),
    "tanh": lambda x, y: 1 - y * y,
    "double": lambda x, y: 1.0,
    "sum": lambda x, y: 1.0,
}
"""Of a function of one number x that gives y."""


def partials(execution: Execution, node: int) -> Iterator[tuple[int, float]]:
    """Yield the inputs of a node that its value varies with, and the derivative by each.

    Raises
    ------
    NotDerivedError
        If the operation is not known.
    """
    site, inputs = execution.site(node), execution.nodes[node].inputs
    if site.kind is not Kind.EXPRESSION:
        if inputs and site.kind in (Kind.READ, Kind.BINDING, Kind.ARGUMENT, Kind.RETURN):
            yield inputs[0], 1.0
        return
    returned = [one for one in inputs if execution.site(one).kind is Kind.RETURN]
    if returned:
        yield returned[0], 1.0
        return
    if not inputs or site.name == "index":
        return
    found = _operation(execution, site, node)
    yield from zip(inputs, found, strict=True)


def _operation(execution: Execution, site: Site, node: int) -> list[float]:
    inputs = execution.nodes[node].inputs
    x = [number(execution.nodes[one].value) for one in inputs]
    y = number(execution.nodes[node].value)
    name = site.name.removeprefix(".")
    if len(inputs) == 2 and name in _TWO:
        return _TWO[name](x[0], x[1], y)
    if len(inputs) == 1 and name in _ONE:
        first = execution.source.sites[execution.nodes[inputs[0]].site]
        return [_ONE[name](x[0], y, _is_left(site, first))]
    if len(inputs) == 1 and name in FUNCTIONS:
        return [FUNCTIONS[name](x[0], y)]
    raise NotDerivedError(f"the derivative of {site.text} is not known")


def _is_left(site: Site, part: Site) -> bool:
    """Whether a part is the left operand: nothing but parentheses stands before it."""
    return site.text.lstrip("( ").startswith(part.text.lstrip("( "))


def _power(x: float, n: float, y: float) -> list[float]:
    return [n * y / x if x else 0.0, y * math.log(x) if x > 0 else math.nan]


_TWO: dict[str, Callable[[float, float, float], list[float]]] = {
    "+": lambda a, b, y: [1.0, 1.0],
    "-": lambda a, b, y: [1.0, -1.0],
    "*": lambda a, b, y: [b, a],
    "/": lambda a, b, y: [1 / b, -y / b],
    "^": _power,
    "**": _power,
}

_ONE: dict[str, Callable[[float, float, bool], float]] = {
    "+": lambda x, y, left: 1.0,
    "-": lambda x, y, left: 1.0 if left else -1.0,
    "*": lambda x, y, left: y / x,
    "/": lambda x, y, left: y / x if left else -y / x,
    "^": lambda x, y, left: _exponent(x, y) * y / x if left else y * math.log(_base(x, y)),
    "**": lambda x, y, left: _exponent(x, y) * y / x if left else y * math.log(_base(x, y)),
}
"""With a literal as the other operand, which follows from the two numbers."""


def _exponent(x: float, y: float) -> float:
    """Return n in ``y = x ^ n``, a whole number where it is one but for rounding."""
    exact = math.log(abs(y)) / math.log(abs(x))
    return float(round(exact)) if abs(exact - round(exact)) < 1e-9 else exact


def _base(n: float, y: float) -> float:
    return float(y ** (1 / n))
