"""From a place that was found to be at fault to a finding with its reason and its mend.

May import `everywhere`, `failing_case`, `findings`, `gathering`, `match`, `mender`, `nothing`,
`places`, `raising`, `underlining`, `sides` and `model`.
"""

from collections.abc import Sequence
from dataclasses import replace

from lockstep.explain.everywhere import mended_by
from lockstep.explain.failing_case import FailingCase, own_cases
from lockstep.explain.findings import (
    jump_finding,
    slip_finding,
    value_finding,
)
from lockstep.explain.gathering import (
    Answered,
    with_answer,
    with_answer_to_error,
    with_answer_to_jump,
    with_answer_to_nothing,
)
from lockstep.explain.match import Matching
from lockstep.explain.mender import Choice
from lockstep.explain.nothing import Nothing
from lockstep.explain.places import place_of_site, place_of_statement
from lockstep.explain.raising import statement_at_fault
from lockstep.explain.underlining import with_changed_expression
from lockstep.model.report import Fault, Finding
from lockstep.sides.port_execution import ObservedPort

SECONDS = 10.0
"""Time for the replays of one pair."""


class Answers:
    """Says of places of one port why they are wrong and what mends them.

    Parameters
    ----------
    observed : ObservedPort
        The port, with probes.
    """

    def __init__(self, observed: ObservedPort) -> None:
        self._observed = observed

    def of(
        self,
        matching: Matching,
        best: Choice | None,
        failing: Sequence[FailingCase],
        agreeing: Sequence[FailingCase],
        looked_at: int,
        seconds: float = SECONDS,
    ) -> Finding | None:
        """Say of what was blamed why it is wrong and what mends it."""
        if best is None:
            return None
        blamed = best.blamed
        finding = (
            jump_finding(matching, blamed) if blamed.jumped else value_finding(matching, blamed)
        )
        finding = replace(finding, explained=best.explained, failing=looked_at)
        if blamed.jumped:
            return with_answer_to_jump(finding, matching, self._observed, failing, agreeing)
        answered = with_answer(
            finding, matching, blamed, self._observed, failing, agreeing, seconds
        )
        return self._placed(answered, matching, failing)

    def _placed(
        self, answered: Answered, matching: Matching, failing: Sequence[FailingCase]
    ) -> Finding:
        """Name what a mend changes, where every case agrees with it."""
        finding, change, evidence = answered.finding, answered.change, answered.evidence
        if change is None or evidence is None:
            return finding
        if not answered.is_elsewhere:
            return with_changed_expression(finding, evidence, change)
        moved = mended_by(change, evidence, finding, matching, self._observed, failing[0].case)
        if moved is None:
            return finding
        count, told = own_cases(failing), slip_finding(matching, moved)
        if moved.slip.top is not None:  # what was read of it is what was named
            told = replace(finding, port=told.port)
        if finding.fault is Fault.CHANGED:  # its value is Octave's; the reason says what changes it
            told = replace(
                told, proved=finding.proved, reason=finding.reason,
                port_value=None, octave_value=None,
            )  # fmt: skip
        return replace(told, explained=count, failing=count, note=finding.note)

    def of_error(
        self,
        matching: Matching,
        failing: Sequence[FailingCase],
        agreeing: Sequence[FailingCase],
    ) -> Finding | None:
        """Name the statement that raises an error; a way round it proves less than its mend."""
        port = matching.port.execution
        number = statement_at_fault(matching)
        if number < 0:
            return None
        place = place_of_statement(port.source, number)
        note = "" if port.is_endless else f"it raises {port.error}"
        fault = Fault.ENDLESS if port.is_endless else Fault.ERROR
        found = Finding(fault, place, None, failing=own_cases(failing), note=note)
        answered = with_answer_to_error(found, matching, self._observed, failing, agreeing)
        return self._placed(answered, matching, failing)

    def of_nothing(
        self,
        nothing: Nothing,
        matching: Matching,
        failing: Sequence[FailingCase],
        agreeing: Sequence[FailingCase],
    ) -> Finding:
        """Say what gives None where a value is needed."""
        port = matching.port.execution
        if nothing.site >= 0:
            place = place_of_site(port.source, nothing.site)
        else:
            place = place_of_statement(port.source, nothing.statement.number)
        note = f"it raises {port.error}" if port.error else ""
        found = Finding(Fault.NOTHING, place, None, failing=own_cases(failing), note=note)
        answered = with_answer_to_nothing(
            found, matching, nothing, self._observed, failing, agreeing
        )
        return self._placed(answered, matching, failing)
