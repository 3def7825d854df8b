"""What is known of the statements of the port that ran, each by itself.

May import `evidence`, `patience` and `model`.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import replace
from typing import Any

import numpy as np

from lockstep.explain.evidence import Evidence, Turn, gathered, live_names, variables_at
from lockstep.explain.patience import Patience
from lockstep.model.execution import Execution, Statement
from lockstep.model.report import Fault

MOST_NODES = 50_000
"""Nodes of an execution beyond which the variables of only so many are looked at."""

FIRST_TIMES = 4
"""Times that a statement ran of which the one is chosen that says most."""


def statements_that_ran(execution: Execution) -> set[int]:
    """Collect the statements that gave a value, of a long execution those of its beginning."""
    return {execution.source.sites[node.site].statement for node in execution.nodes[:MOST_NODES]}


class Statements:
    """What is known of the statements of the port that ran, each gathered once.

    Parameters
    ----------
    port : Execution
        Of the port.
    names : mapping
        By name of a variable of Octave, the variables of the port that have its values.
    twins : mapping, optional
        By number of a statement, what stands for it in Octave, where that is likely, and the text
        of the file of that.
    only : set of int, optional
        The statements that are looked at; all that ran if not given.
    less_one : mapping, optional
        By name of a variable of Octave, the one of the port that is always one less.

    Attributes
    ----------
    numbers : list of int
        Of the statements, in order.
    """

    def __init__(
        self,
        port: Execution,
        names: Mapping[str, Sequence[str]],
        twins: Mapping[int, tuple[str, str]] | None = None,
        only: Set[int] | None = None,
        less_one: Mapping[str, str] | None = None,
    ) -> None:
        self._port = port
        self._names = names
        self._less_one = less_one or {}
        self._twins = twins or {}
        self._known: dict[int, Evidence | None] = {}
        raising = {port.error_statement} - {-1}  # what it binds or returns it never gave
        ran = statements_that_ran(port) | raising
        self.numbers = sorted(ran if only is None else ran & only)

    def statement(self, number: int) -> Statement:
        """Return a statement of the port."""
        return self._port.source.statements[number]

    def each(
        self, patience: Patience | None = None, order: Callable[[int], Any] | None = None
    ) -> Iterator[tuple[Statement, Evidence]]:
        """Yield those of which something is known, until the time is over, in some order."""
        for number in self.numbers if order is None else sorted(self.numbers, key=order):
            if patience is not None and patience.is_over:
                return
            evidence = self.evidence(number)
            if evidence is not None:
                yield self.statement(number), evidence

    def evidence(self, number: int) -> Evidence | None:
        """Return what is known of a statement; None where it is not in a live module."""
        if number not in self._known:
            statement = self.statement(number)
            octave = self._twins.get(number, ("", ""))
            found = evidence_of_statement(self._port, statement, self._names, octave)
            if found is not None:
                found = replace(found, less_one=self._less_one) if found.live else None
            self._known[number] = found
        return self._known[number]


def evidence_of_statement(
    port: Execution,
    statement: Statement,
    names: Mapping[str, Sequence[str]],
    octave: tuple[str, str] = ("", ""),
) -> Evidence | None:
    """Gather what is known of a statement when it first ran; None where it did not.

    What stands for it in Octave, and the file of that, are texts, empty for none.
    """
    sites = [s.number for s in port.source.sites if s.statement == statement.number]
    nodes = _fullest(port, sites)
    if port.nodes and not nodes and statement.number == port.error_statement:
        nodes = [len(port.nodes) - 1]
    live = live_names(port.source.files[statement.function])
    made = gathered(port, -1, (), live, Fault.ERROR, ("", *octave), names, statement)
    if made is None or not nodes:
        return None
    return replace(made, turns=(Turn(None, None, variables_at(port, max(nodes), after=True)),))


def _fullest(execution: Execution, sites: Sequence[int]) -> list[int]:
    """Return the nodes of a time that a statement ran: the one with the most dimensions in all.

    Of a function that is given a vector first and then a matrix, the matrix says more.
    """
    streams = [execution.by_site.get(site, ())[:FIRST_TIMES] for site in sites]
    times = [[nodes[k] for nodes in streams if len(nodes) > k] for k in range(FIRST_TIMES)]
    return max(times, key=lambda nodes: sum(_dimensions(execution, node) for node in nodes))


def _dimensions(execution: Execution, node: int) -> int:
    value = execution.nodes[node].value
    return value.ndim if isinstance(value, np.ndarray) else 0
