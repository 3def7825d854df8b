"""Integers in place of the floats that stopped a port: what counts in Octave is a double.

May import `changes`, `forms`, `match`, `nodes_of_tree`, `raising`, `slips`, `statements`,
`sources` and `model`.
"""

import ast
import re
from collections.abc import Iterator
from typing import Any

import numpy as np

from lockstep.explain.changes.change import Change, Where
from lockstep.explain.changes.context import Context, called, keyword, with_keywords
from lockstep.explain.forms import are_whole
from lockstep.explain.match import Matching
from lockstep.explain.nodes_of_tree import find_node
from lockstep.explain.raising import nodes_where_it_stops
from lockstep.explain.slips import Slip
from lockstep.explain.statements import Statements
from lockstep.model.execution import Execution, Kind, Site
from lockstep.sources.python_names import assigned_name

_NO_INTEGER = re.compile(
    r"interpreted as an integer|indices must be integers|only integers, slices|"
    r"used as indices must be of integer|non-int of type '(?:numpy\.)?float|"
    r"unsupported operand type\(s\) for (?:<<|>>|&|\||\^)"
)
"""Errors that say that something takes integers, and was given another number."""

_DEPTH = 12
"""Steps through which a value is followed back from where it stopped the port."""

TO_BE_FILLED = "empty", "full", "ones", "zeros"
"""Functions that make an array of one number."""

_OCTAVE = "Octave takes a whole number of any class as an index, a count or a size."
_PYTHON = "A float is no index, count or size in Python, not even a whole one."


def made_whole(matching: Matching, statements: Statements) -> Iterator[Slip]:
    """Make integers of what stopped a port that takes only these, where it is or came from.

    Parameters
    ----------
    matching : Matching
        Both executions of one case.
    statements : Statements
        Of the port.
    """
    port = matching.port.execution
    if not _NO_INTEGER.search(port.error):
        return
    seen = set[int]()
    for node in _on_the_way(port):
        site = port.site(node)
        if site.number not in seen:
            seen.add(site.number)
            is_one = not isinstance(port.nodes[node].value, np.ndarray)
            yield from _at(port, statements, site, "int(X)" if is_one else "X.astype(int)")
            if site.kind is Kind.READ and not is_one:
                yield from _where_made(statements, site)


def _on_the_way(port: Execution) -> Iterator[int]:
    """Yield the nodes of whole floats that the statement read, the nearest first."""
    level = list(nodes_where_it_stops(port))
    known = set(level)
    for _ in range(_DEPTH):
        whole = [node for node in level if _is_whole_float(port.nodes[node].value)]
        yield from whole
        level = [i for node in level for i in port.nodes[node].inputs if i not in known]
        level = list(dict.fromkeys(level))
        known.update(level)


def _is_whole_float(value: Any) -> bool:
    if isinstance(value, np.ndarray):
        return value.dtype.kind == "f" and bool(np.isfinite(value).all()) and are_whole(value)
    return isinstance(value, (float, np.floating)) and float(value).is_integer()


def _where_made(statements: Statements, read: Site) -> Iterator[Slip]:
    """Make an array of integers where a variable is given one to be filled."""
    for number in statements.numbers:
        statement = statements.statement(number)
        if statement.function != read.function or read.name not in statement.defines:
            continue
        evidence = statements.evidence(number)
        if evidence is None or assigned_name(evidence.statement) != read.name:
            continue
        made = getattr(evidence.statement, "value", None)
        if not isinstance(made, ast.Call) or called(made) not in TO_BE_FILLED:
            continue
        if keyword(made, "dtype") is None:
            new = with_keywords(made, dtype=ast.Name("int", ast.Load()))
            change = Change("integer-class", made, new, _OCTAVE, _PYTHON, keeps_value=True)
            yield Slip(change, evidence, statement, 0)


def _at(port: Execution, statements: Statements, site: Site, template: str) -> Iterator[Slip]:
    number = site.statement
    if site.kind in (Kind.ARGUMENT, Kind.DEFAULT):
        ran = ((n, statements.statement(n).function) for n in statements.numbers)
        inside = [n for n, function in ran if function == site.function]
        number = min(inside, default=-1)
    evidence = None if number < 0 else statements.evidence(number)
    if evidence is None:
        return
    context = Context(evidence)
    if site.kind in (Kind.ARGUMENT, Kind.DEFAULT):
        made = context.make(template, X=ast.Name(site.name, ast.Load()))
        change = Change(
            "integer-class", evidence.statement, None, _OCTAVE, _PYTHON,
            lines=f"{site.name} = {ast.unparse(made)}", where=Where.BEFORE, keeps_value=True,
        )  # fmt: skip
    elif site.kind in (Kind.READ, Kind.EXPRESSION):
        node = find_node(evidence.tree, site.span)
        if not isinstance(node, ast.expr):
            return
        made = context.make(template, X=node)
        change = Change("integer-class", node, made, _OCTAVE, _PYTHON, keeps_value=True, about=node)
    else:
        return
    yield Slip(change, evidence, statements.statement(number), 0)
