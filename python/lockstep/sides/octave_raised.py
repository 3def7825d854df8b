"""The statement of a traced Octave function that raised an error.

May import `model` and `octave`.
"""

import re
from collections.abc import Sequence

import numpy as np

from lockstep.model.execution import Execution, Kind, Statement, StatementKind
from lockstep.sides.octave import OctaveError

_FRAME = re.compile(r"(\S+) line (-?\d+)")


def raised_in(execution: Execution, error: OctaveError) -> int:
    """Return the number of the statement that raised an error; -1 where that is not known.

    On the line that Octave tells it is that which ran last.
    """
    source = execution.source
    for place in error.stack:
        match = _FRAME.match(place)
        if match is None or match[1] not in source.files:
            continue
        line = int(match[2])
        there = [
            one
            for one in source.statements
            if one.function == match[1]
            and one.kind is not StatementKind.FUNCTION
            and one.span.line <= line <= one.span.last_line
        ]
        return _latest(execution, there).number if there else -1
    return -1


def _latest(execution: Execution, there: Sequence[Statement]) -> Statement:
    """Of the statements of a line, pick that which was not done when the last was recorded."""
    numbers = {one.number: one for one in there}
    for node in reversed(execution.nodes):
        site = execution.source.sites[node.site]
        last = numbers.get(site.statement)
        if last is None:
            continue
        if site.kind is Kind.BINDING and last.kind is StatementKind.PLAIN:
            after = [one for one in there if one.number > last.number and one.parent == last.parent]
        elif site.kind is Kind.DECISION:
            held = bool(np.all(node.value))
            after = [one for one in there if one.parent == last.number and one.branch == held]
        else:
            after = []
        return after[0] if after else last
    return there[0]
