"""Where the None comes from that a port returns, or on which it stops.

A function that ends without a return gives None, and so does a call that changes its object. May
import `model`.
"""

import ast
import itertools
from collections.abc import Sequence
from dataclasses import dataclass

from lockstep.model.execution import Execution, Kind, Statement, StatementKind

CHANGING = frozenset(
    [
        "add", "append", "clear", "copyto", "discard", "extend", "fill", "fill_diagonal", "insert",
        "place", "put", "putmask", "resize", "reverse", "shuffle", "sort", "update",
    ]
)  # fmt: skip
"""Methods and functions that change what they are given, and give None whatever that is."""


MOST_GIVEN = 25
"""Values before a call among which its arguments are."""


@dataclass(frozen=True)
class Nothing:
    """A place that gives None where a value is needed.

    Attributes
    ----------
    statement : Statement
        With the call; of a function that ends without a return, the one after which it ends.
    site : int
        The call; -1 of a function that ends without a return.
    last : int
        The last node before it.
    """

    statement: Statement
    site: int
    last: int


def nothing_used(port: Execution) -> Nothing | None:
    """Find what gave the None on which a port stopped; None where that is not what stopped it."""
    if port.error_statement < 0 or port.is_endless:
        return None
    for number in reversed(range(len(port.nodes))):
        is_there = port.site(number).statement == port.error_statement
        if is_there and port.nodes[number].value is None:
            found = _origin(port, number)
            if found is not None:
                return found
    return None


def nothing_returned(port: Execution) -> Nothing | None:
    """Find what gave the None that a port returned; None where it is not known."""
    returned = [n for n in port.output_nodes if n >= 0]
    if not returned:
        return _end_of(port, 0)
    if len(returned) == 1 and port.nodes[returned[0]].value is None:
        left_by = port.source.statements[port.site(returned[0]).statement]
        if left_by.text == "return":
            return Nothing(left_by, -1, returned[0])
        return _origin(port, returned[0])
    return None


def _origin(port: Execution, number: int) -> Nothing | None:
    """Follow a None back to the call that gave it."""
    site = port.site(number)
    is_expression = site.kind is Kind.EXPRESSION
    for one in _inputs(port, number):
        is_handed_on = not is_expression or port.site(one).kind is Kind.RETURN
        if port.nodes[one].value is None and is_handed_on:
            return _origin(port, one)
    if not is_expression or not _is_call(site.text):
        return None
    frame = _frame_of(port, number)
    if frame >= 0:
        return _end_of(port, frame)
    if site.name not in CHANGING:
        return None  # as it may where something is not found
    return Nothing(port.source.statements[site.statement], site.number, number)


def _inputs(port: Execution, number: int) -> Sequence[int]:
    """Return what a node read; of an argument, what the caller had last before the call."""
    node = port.nodes[number]
    if port.site(number).kind is not Kind.ARGUMENT or node.inputs:
        return node.inputs
    caller = port.frames[node.frame].parent
    before = (i for i in reversed(range(number)) if port.nodes[i].frame == caller)
    return [i for i in itertools.islice(before, MOST_GIVEN) if port.nodes[i].value is None][:1]


def _is_call(text: str) -> bool:
    try:
        return isinstance(ast.parse(text, mode="eval").body, ast.Call)
    except SyntaxError:
        return False


def _frame_of(port: Execution, call: int) -> int:
    """Return the traced function that a call ran last, before its node; -1 where it ran none."""
    name, own = port.site(call).name, port.nodes[call].frame
    for node in reversed(port.nodes[:call]):
        frame = port.frames[node.frame]
        if node.frame == own:
            return -1
        if frame.parent == own and frame.function.split(".")[-1] == name:
            return node.frame
    return -1


def _end_of(port: Execution, frame: int) -> Nothing | None:
    """Return where a function ended without a return; None where it has one to end it."""
    function = port.frames[frame].function
    own = [s for s in port.source.statements if s.function == function]
    if any(s.kind is StatementKind.RETURN and s.text == "return" for s in own):
        return None  # it gives None on purpose
    last: Statement | None = None
    body = [s for s in own if s.parent < 0 and s.kind is not StatementKind.FUNCTION]
    while body:
        last = body[-1]
        goes = _way(port, frame, last) if last.kind is StatementKind.IF else None
        if last.kind in (StatementKind.FOR, StatementKind.WHILE) and not _has_break(own, last):
            goes = False  # by its else, if it has one
        body = [s for s in own if s.parent == last.number and s.branch is goes]
    nodes = [number for number, node in enumerate(port.nodes) if node.frame == frame]
    if last is None or last.kind in (StatementKind.RETURN, StatementKind.RAISE) or not nodes:
        return None
    return Nothing(last, -1, nodes[-1])


def _has_break(own: Sequence[Statement], loop: Statement) -> bool:
    """Whether there is a break in a loop, or after it."""
    return any(s.number > loop.number and s.text == "break" for s in own)


def _way(port: Execution, frame: int, statement: Statement) -> bool | None:
    """Return which way an if went; None where that is not known."""
    for node in reversed(port.nodes):
        site = port.source.sites[node.site]
        if (node.frame, site.statement, site.kind) == (frame, statement.number, Kind.DECISION):
            return bool(node.value) if isinstance(node.value, (bool, int, float)) else None
    return None
