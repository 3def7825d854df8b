"""What is known of the place in the port that is at fault: its tree, its inputs, both values.

May import `model`, `nodes_of_tree`, `numbers`, `port_files` and `sources`.
"""

import ast
import builtins
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from lockstep.explain.nodes_of_tree import (
    bound_expression,
    find_node,
    function_around,
    nodes_about,
    place_of,
    statement_around,
)
from lockstep.explain.numbers import numbers, same_numbers
from lockstep.explain.port_files import parsed_file
from lockstep.model.changed import whole
from lockstep.model.execution import Execution, KeptObject, Kind, NotKept, Site, Span, Statement
from lockstep.model.report import Fault, Place
from lockstep.sources.python_names import one_line

_VARIABLES = (Kind.ARGUMENT, Kind.DEFAULT, Kind.BINDING, Kind.READ)

TURNS_BEFORE = 8
"""Turns before the first that differs which are looked at."""

TURNS_AFTER = 24
"""Turns after it."""


@dataclass(frozen=True)
class Turn:
    """One time that the place gave a value.

    Attributes
    ----------
    own, octave : Any
        The value of the port, and what Octave had in its place.
    variables : mapping
        The port's variables at that moment, by name.
    """

    own: Any
    octave: Any
    variables: Mapping[str, Any]

    @cached_property
    def differs(self) -> bool:
        """Whether the two values differ by more than rounding."""
        one, other = numbers(self.own), numbers(self.octave)
        if one is None or other is None:
            return True
        if isinstance(self.own, str) != isinstance(self.octave, str):
            return True
        if _has_text(self.own) and _has_text(self.octave):
            return bool(list(self.own) != list(self.octave))  # an empty text holds no number
        return not same_numbers(one.flat, other.flat)


def _has_text(value: Any) -> bool:
    return isinstance(value, (list, tuple)) and any(isinstance(one, str) for one in value)


@dataclass(frozen=True)
class Evidence:
    """What is known of a place.

    Attributes
    ----------
    file : Path
        Where the port is.
    text : str
        The file as it was read.
    tree : ast.Module
        Its tree.
    expression : ast.expr or None
        The named expression; None where it is the whole statement.
    statement : ast.stmt
        Its statement.
    function : ast.FunctionDef or ast.AsyncFunctionDef
        The function that it is in.
    live : dict
        What the names of the live module stand for.
    fault : Fault
        What is wrong there.
    turns : tuple of Turn
        Values on both sides, in order; turns before the first that differs agree.
    octave_expression, octave_statement : str
        Octave's counterpart; empty where it has none.
    octave_function : str
        The text of Octave's function or file, as far as it is known.
    names : mapping
        By name of a variable of Octave, the variables of the port that have its values.
    less_one : mapping
        By name of a variable of Octave, the one of the port that is always one less.
    is_sure : bool
        Whether the outputs were seen to agree with Octave's value in the place of the port's.
    elsewhere : mapping
        The variables of the other functions that ran, by the name of the function.
    changed_by : str
        The statement that later changes, through another name, what is shared here; empty for none.
    """

    file: Path
    text: str
    tree: ast.Module
    expression: ast.expr | None
    statement: ast.stmt
    function: ast.FunctionDef | ast.AsyncFunctionDef
    live: dict[str, Any]
    fault: Fault = Fault.VALUE
    turns: tuple[Turn, ...] = ()
    octave_expression: str = ""
    octave_statement: str = ""
    octave_function: str = ""
    names: Mapping[str, Sequence[str]] = field(default_factory=dict)
    less_one: Mapping[str, str] = field(default_factory=dict)
    elsewhere: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    is_sure: bool = True
    changed_by: str = ""

    @cached_property
    def first(self) -> Turn | None:
        """The first turn at which the values differ; the first of all where none does."""
        for turn in self.turns:
            if turn.differs:
                return turn
        return self.turns[0] if self.turns else None

    @cached_property
    def differs(self) -> bool:
        """Whether a turn is known at which the values differ."""
        return any(turn.differs for turn in self.turns)

    @cached_property
    def globals(self) -> dict[str, Any]:
        """What the names of the module stand for."""
        found = dict(self.live)
        found.setdefault("__builtins__", builtins)
        return found


def variables_at(execution: Execution, node: int, after: bool = False) -> dict[str, Any]:
    """Return the variables of a node's frame as they were just before it, or `after` it."""
    frame = execution.nodes[min(node, len(execution.nodes) - 1)].frame
    found: dict[str, Any] = {}
    for one in execution.nodes[: node + after]:
        if one.frame != frame:
            continue
        site = execution.source.sites[one.site]
        if site.kind in _VARIABLES:
            found[site.name] = one.value
    return _known(found)


def _known(variables: Mapping[str, Any]) -> dict[str, Any]:
    """Return the variables that were kept, large arrays as they were."""
    wholes = {name: _as_it_was(value) for name, value in variables.items()}
    return {name: value for name, value in wholes.items() if not isinstance(value, NotKept)}


def _as_it_was(value: Any) -> Any:
    """Return a large array, or an object, that something else stands for."""
    return value.copy if isinstance(value, KeptObject) else whole(value)


def _shaped(own: Any, octave: Any) -> Any:
    """Give numbers that were gathered from a loop of Octave the shape of the port's array."""
    if not isinstance(own, np.ndarray) or not isinstance(octave, np.ndarray):
        return octave
    if octave.ndim == 1 and own.ndim > 1 and octave.size == own.size:
        return octave.reshape(own.shape, order="F")
    return octave


def variables_elsewhere(execution: Execution) -> dict[str, dict[str, Any]]:
    """Return the variables of each function that ran, as they were at the end of its first call."""
    first: dict[int, str] = {}
    for number, frame in enumerate(execution.frames):
        if frame.function not in first.values():
            first[number] = frame.function
    found: dict[str, dict[str, Any]] = {name: {} for name in first.values()}
    for node in execution.nodes:
        site = execution.source.sites[node.site]
        if node.frame in first and site.kind in _VARIABLES:
            found[first[node.frame]][site.name] = node.value
    return {name: _known(variables) for name, variables in found.items()}


def turns_of(
    execution: Execution, site: int, octave: Sequence[Any], seen_at: Sequence[int] = ()
) -> tuple[Turn, ...]:
    """Pair the values of a site of the port with what Octave had in their place.

    The variables are those at its nodes, or at others that are `seen_at`, one for each turn.
    """
    nodes = execution.by_site.get(site, ())
    pairs = [
        (node, seen, _shaped(execution.nodes[node].value, value))
        for node, seen, value in zip(nodes, seen_at or nodes, octave, strict=False)
    ]
    first = 0
    for number, (node, _, value) in enumerate(pairs):
        if Turn(execution.nodes[node].value, value, {}).differs:
            first = number
            break
    kept = pairs[max(0, first - TURNS_BEFORE) : first + TURNS_AFTER]
    place = execution.source.sites[site] if site >= 0 else None
    read = [place.name] if place is not None and place.kind is Kind.READ else []
    return tuple(
        Turn(own, whole(value), variables_at(execution, seen) | dict.fromkeys(read, own))
        for node, seen, value in kept
        if not isinstance(own := whole(execution.nodes[node].value), NotKept)
    )


def gathered(
    execution: Execution,
    site: int,
    octave: Sequence[Any],
    live: dict[str, Any],
    fault: Fault = Fault.VALUE,
    octave_texts: tuple[str, str, str] = ("", "", ""),
    names: Mapping[str, Sequence[str]] | None = None,
    span: Statement | None = None,
) -> Evidence | None:
    """Gather what is known of a site of the port.

    Parameters
    ----------
    execution : Execution
        What the port did.
    site : int
        The site that is at fault.
    octave : sequence
        What Octave had in the place of its values, turn by turn; empty where it is not known.
    live : dict
        What the names of the port's live module stand for.
    fault : Fault
        What is wrong there.
    octave_texts : tuple of str
        Octave's expression, its statement, its function.
    names : mapping, optional
        By name of a variable of Octave, the variables of the port that have its values.
    span : Statement, optional
        The statement of the port that is at fault, where no site is known (-1).

    Returns
    -------
    Evidence or None
        None where the source is not what was run.
    """
    place = span if span is not None else execution.source.sites[site]
    file = execution.source.files[place.function]
    read = parsed_file(file)
    if read is None:
        return None
    text, tree = read
    node = _named_node(tree, place)
    if node is None:
        return None
    statement, function = statement_around(tree, node), function_around(tree, node)
    if statement is None or function is None:
        return None
    expression = node if isinstance(node, ast.expr) else bound_expression(node)
    return Evidence(
        file, text, tree, expression, statement, function, live, fault,
        turns_of(execution, site, octave), *octave_texts, names or {},
        elsewhere=variables_elsewhere(execution), changed_by=changing_statement(execution, site),
    )  # fmt: skip


def changing_statement(execution: Execution, site: int) -> str:
    """Name the first statement after a site that changes a value which several names share."""
    places = execution.by_site.get(site, ())
    if not places:
        return ""
    for change in execution.changes:
        if change <= places[0]:
            continue
        after = execution.nodes[change + 1] if change + 1 < len(execution.nodes) else None
        if after is not None and change in after.inputs:
            changed = execution.source.sites[execution.nodes[change].site]
            if after.site == changed.number:  # the other name, which sees the change
                statement = execution.source.statements[changed.statement]
                return f"line {statement.span.line}, {statement.text}"
    return ""


def _named_node(tree: ast.Module, place: Site | Statement) -> ast.AST | None:
    """Find the expression or statement of a place; of a parameter, its default."""
    if isinstance(place, Site):
        found = find_node(tree, place.span)
        if found is not None:
            return found
        if place.kind in (Kind.ARGUMENT, Kind.DEFAULT):
            return _default_of(tree, place)
    for statement in nodes_about(tree, place.span.line):
        if isinstance(statement, ast.stmt):
            begins = (place.span.line, place.span.column)
            if place_of(statement)[:2] == begins:
                return statement
    return None


def _default_of(tree: ast.Module, place: Site) -> ast.expr | None:
    for one in nodes_about(tree, place.span.line):
        if not isinstance(one, (ast.FunctionDef, ast.AsyncFunctionDef)):
            continue
        given = [*one.args.posonlyargs, *one.args.args]
        defaults = one.args.defaults
        for arg, default in zip(given[len(given) - len(defaults) :], defaults, strict=True):
            if place_of(arg)[:2] == (place.span.line, place.span.column):
                return default
    return None


def place_in(evidence: Evidence, node: ast.AST) -> Place:
    """Say where a node of the port's tree is."""
    statement = statement_around(evidence.tree, node)
    assert statement is not None
    whole = one_line(ast.get_source_segment(evidence.text, statement) or "")
    text = one_line(ast.get_source_segment(evidence.text, node) or "")
    return Place(
        evidence.file, evidence.function.name, Span(*place_of(node)), statement.lineno, whole,
        text if isinstance(node, (ast.expr, ast.keyword)) else "",
    )  # fmt: skip


def live_names(file: Path) -> dict[str, Any]:
    """Return the names of the live module that was read from a file; empty for none."""
    for module in list(sys.modules.values()):
        if getattr(module, "__file__", None) == str(file):
            return vars(module)
    return {}
