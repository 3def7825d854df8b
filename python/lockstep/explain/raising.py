"""Which statement of the port is at fault where it raises an error.

May import `match` and `model`.
"""

import re
from collections.abc import Iterator

from lockstep.explain.match import Matching
from lockstep.model.execution import Execution, Kind, StatementKind

UNBOUND = "NameError", "UnboundLocalError"
"""Errors that say of a variable that it has no value."""

_OF_TYPE = re.compile(
    r"TypeError: '(?:\w+\.)*(?P<type>\w+)' object (?:is not (?:subscriptable|iterable)|"
    r"does not support item assignment)|"
    r"TypeError: object of type '(?:\w+\.)*(?P<sized>\w+)' has no len|"
    r"AttributeError: '(?:\w+\.)*(?P<owner>\w+)' object has no attribute"
)
"""Errors that say of a value that its type has not what is asked of it."""


def stops(port: Execution) -> bool:
    """Whether a port stops at a statement that does not raise its error on purpose."""
    number = port.error_statement
    is_known = bool(port.error) and number >= 0
    return is_known and port.source.statements[number].kind is not StatementKind.RAISE


def lacks_a_value(port: Execution) -> bool:
    """Whether a port stops since a variable has no value."""
    return port.error.split(":")[0] in UNBOUND


def nodes_where_it_stops(port: Execution) -> Iterator[int]:
    """Yield what the statement that raised gave before it did, the last first."""
    for number in reversed(range(len(port.nodes))):
        if port.site(number).statement != port.error_statement:
            return
        yield number


def statement_at_fault(matching: Matching) -> int:
    """Return the statement that is at fault where the port raises an error; -1 if unknown.

    It is the one that raises, or the condition for that. Of a value that has not the type that is
    needed it is the one that bound it, unless Octave's variable has the same.
    """
    port = matching.port.execution
    number = port.error_statement
    if number < 0:
        return -1
    statement = port.source.statements[number]
    if statement.kind is StatementKind.RAISE and statement.parent >= 0:
        return statement.parent
    bound = {port.site(node).statement for node in _of_wrong_type(matching)}
    return bound.pop() if len(bound) == 1 else number


def _of_wrong_type(matching: Matching) -> Iterator[int]:
    """Yield what bound the values of the type that the error is about, which is not as in Octave.

    They are what the last statement read.
    """
    port = matching.port.execution
    said = _OF_TYPE.match(port.error)
    if said is None:
        return
    name = next(filter(None, said.groups()))
    for node in (port.nodes[number] for number in nodes_where_it_stops(port)):
        site = port.source.sites[node.site]
        if site.kind is not Kind.READ or type(node.value).__name__ != name:
            continue
        for one in node.inputs:
            place = port.site(one)
            is_its_own = place.kind is Kind.BINDING and place.whole
            if is_its_own and not matching.is_confirmed(place.number):
                yield one
