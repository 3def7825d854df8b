"""From the cases of a pair that disagree to the place in the port that is at fault.

May import all of `explain`, `sides`, `compare` and `model`.
"""

import contextlib
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

from lockstep.explain.blame import Blamed, Search
from lockstep.explain.gathering import with_answer, with_answer_to_error
from lockstep.explain.match import Matching, match
from lockstep.explain.numbers import numbers, same_numbers
from lockstep.explain.replay import Replayer
from lockstep.model.execution import Execution, Kind, Source, StatementKind
from lockstep.model.report import Fault, Finding, Place
from lockstep.project.cases import Case
from lockstep.sides.octave_execution import OctaveTraceError
from lockstep.sides.port import PortReply
from lockstep.sides.port_execution import ObservedPort

SECONDS = 10.0
"""Time for the replays of one pair."""

MOST_CASES = 8
"""Cases that disagree beyond the first in which the named place is tried, too."""


@dataclass(frozen=True)
class FailingCase:
    """A case whose outputs disagree.

    Attributes
    ----------
    name : str
        Of the case.
    case : Case
        Its arguments.
    agrees : callable
        Says of a result of the port whether every output agrees with Octave's.
    wrong : tuple of int
        Positions of the outputs that disagree, from 0; empty where the port raised an error.
    """

    name: str
    case: Case
    agrees: Callable[[Any], bool]
    wrong: tuple[int, ...] = ()


class OctaveExecutions(Protocol):
    """Gives what Octave did in a case."""

    def __call__(self, case: Case) -> Execution:
        """Trace a case."""
        ...


class Explainer:
    """Explains one pair.

    Parameters
    ----------
    observed : ObservedPort
        The port, with probes.
    octave : callable
        Gives what Octave did in a case.
    seconds : float
        Time for replays.
    """

    def __init__(
        self, observed: ObservedPort, octave: OctaveExecutions, seconds: float = SECONDS
    ) -> None:
        self._observed = observed
        self._octave = octave
        self._seconds = seconds

    def explain(
        self, failing: Sequence[FailingCase], agreeing: Sequence[FailingCase] = ()
    ) -> Finding | None:
        """Name the place that is at fault in cases that disagree.

        Parameters
        ----------
        failing : sequence of FailingCase
            At least one; the first is looked at, the others say whether it explains them.
        agreeing : sequence of FailingCase
            The cases that agree; they must agree with a mend, too.
        """
        deadline = time.monotonic() + self._seconds
        first = failing[0]
        port, reply = self._observed.run(first.case)
        matching = match(self._octave(first.case), port)
        if matching.octave.execution.error:
            return None if port.error else _no_error(matching.octave.execution, len(failing))
        if isinstance(reply, PortReply) and not first.wrong:
            return _changed_argument(port, len(failing)) if reply.changed else None
        search = self._search(first, matching, deadline)
        others = list(self._others(failing[1 : 1 + MOST_CASES], deadline))
        best: tuple[int, Blamed] | None = None
        for blamed in search.found():
            explained = int(blamed.proved)
            if blamed.proved:
                explained += sum(other.is_healed_by(blamed) for other in others)
            if best is None or explained > best[0]:
                best = explained, blamed
            if explained == 1 + len(others) or time.monotonic() > deadline:
                break
        if port.error and not (best and best[1].proved):
            raised = self._raised(matching, failing)
            if raised is None:
                return None
            return with_answer_to_error(raised, matching, self._observed, failing, agreeing)
        if best is None:
            return None
        finding = _finding(matching, best[1])
        finding = replace(finding, explained=best[0], failing=1 + len(others))
        return with_answer(finding, matching, best[1], self._observed, failing, agreeing)

    def _search(self, failing: FailingCase, matching: Matching, deadline: float) -> Search:
        port = matching.port.execution
        outputs = _wrong_nodes(port, failing.wrong)
        steps = len(port.nodes)
        replayer = Replayer(self._observed, failing.case, failing.agrees, steps, deadline)
        return Search(matching, replayer, outputs, len(failing.case.args))

    def _others(self, failing: Sequence[FailingCase], deadline: float) -> Iterator[Search]:
        for one in failing:
            port, _ = self._observed.run(one.case)
            with contextlib.suppress(OctaveTraceError):  # a recording may be without its trace
                yield self._search(one, match(self._octave(one.case), port), deadline)

    def _raised(self, matching: Matching, failing: Sequence[FailingCase]) -> Finding | None:
        port = matching.port.execution
        if port.error_statement < 0:
            return None
        place = place_of_statement(port.source, port.error_statement)
        return Finding(
            Fault.ERROR, place, None, failing=len(failing), note=f"it raises {port.error}"
        )


def _no_error(octave: Execution, failing: int) -> Finding | None:
    """Say where Octave raised an error, where the port did not."""
    if octave.error_statement < 0:
        return None
    place = place_of_statement(octave.source, octave.error_statement)
    note = f"Octave raises {octave.error}"
    return Finding(Fault.NO_ERROR, None, place, failing=failing, note=note)


def _changed_argument(port: Execution, failing: int) -> Finding | None:
    """Say which statement first changed an argument in place; the port is right but for that."""
    arguments = {
        port.objects[number]
        for number, node in enumerate(port.nodes)
        if node.frame == 0 and port.site(number).kind is Kind.ARGUMENT and number in port.objects
    }
    for number in port.changes:
        if port.objects.get(number) in arguments:
            place = place_of_statement(port.source, port.site(number).statement)
            note = "it changes an argument of the caller's: change a copy"
            return Finding(Fault.CHANGED, place, None, failing=failing, note=note)
    return None


def _wrong_nodes(port: Execution, wrong: Sequence[int]) -> list[int]:
    if port.error:
        return []
    if len(port.output_nodes) == 1:
        return list(port.output_nodes)
    return [port.output_nodes[i] for i in wrong if i < len(port.output_nodes)]


def _finding(matching: Matching, blamed: Blamed) -> Finding:
    port, octave = matching.port.execution, matching.octave.execution
    named = blamed.site if blamed.first_step < 0 else blamed.first_step
    theirs = place_of_site(octave.source, blamed.octave_site) if blamed.octave_site >= 0 else None
    turn, own, other = _first_difference(matching, blamed)
    node = port.nodes[port.by_site[named][min(turn, len(port.by_site[named]) - 1)]]
    inputs = tuple(
        (port.source.sites[port.nodes[i].site].text, port.nodes[i].value) for i in node.inputs
    )
    return Finding(
        _fault(matching, blamed),
        place_of_site(port.source, named),
        theirs,
        own,
        other,
        inputs,
        blamed.proved,
        turn=turn,
        turns=len(port.by_site[blamed.site]),
    )


def _fault(matching: Matching, blamed: Blamed) -> Fault:
    port = matching.port.execution
    site = port.source.sites[blamed.site]
    if blamed.shared:
        return Fault.CHANGED
    if site.kind is Kind.DECISION:
        return Fault.DECISION
    if site.kind in (Kind.ARGUMENT, Kind.DEFAULT):
        return Fault.DEFAULT
    if site.kind is Kind.READ:
        node = port.nodes[port.by_site[blamed.site][0]]
        before = matching.port.numbers[node.inputs[0]] if node.inputs else None
        now = numbers(node.value)
        if before and now and not same_numbers(before.flat, now.flat):
            return Fault.CHANGED
        return Fault.STALE
    return Fault.VALUE


def _first_difference(matching: Matching, blamed: Blamed) -> tuple[int, Any, Any]:
    """Return the first turn at which the values differ, and both."""
    if blamed.first_step >= 0:
        own = matching.port.streams[blamed.first_step].values
        other = matching.octave.streams.get(blamed.octave_site)
        return 0, own[0], other.values[0] if other else None
    own = matching.port.streams[blamed.site].values
    for turn, (value, other) in enumerate(zip(own, blamed.values, strict=False)):
        one, two = numbers(value), numbers(other)
        if one is None or two is None or not same_numbers(one.flat, two.flat):
            return turn, value, other
    octave = matching.octave.streams.get(blamed.octave_site)
    return 0, own[0], octave.values[0] if octave else None


def place_of_site(source: Source, number: int) -> Place:
    """Return where a site stands."""
    site = source.sites[number]
    statement = source.statements[site.statement]
    is_statement = site.kind is Kind.BINDING or statement.kind is StatementKind.FUNCTION
    return Place(
        source.files[site.function],
        site.function,
        site.span,
        statement.span.line,
        statement.text,
        "" if is_statement else site.text,
    )


def place_of_statement(source: Source, number: int) -> Place:
    """Return where a statement stands."""
    statement = source.statements[number]
    return Place(
        source.files[statement.function],
        statement.function,
        statement.span,
        statement.span.line,
        statement.text,
    )
