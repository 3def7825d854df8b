"""A compared trace in, the first statement that went wrong out.

Where a value first differs is not always where the mistake is: the statement may lack one that
stands before it in Octave, or read what the port alone prepared (``y = y.ravel()``), or an
argument's default. So what the statement at fault reads is followed back, one step, to a binding
that only one side has. May import `alignment`, `events`, `port_source` and `trace`.
"""

import re
import sys
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from lockstep.explain.alignment import Slot, spelling
from lockstep.explain.trace import Flow, FrameComparison, Kind, Row, TraceComparison, numbers_row
from lockstep.model.events import ARGUMENTS_LINE, RETURNED, Event, Moments


class Fault(StrEnum):
    """How a statement went wrong."""

    VALUE = "value"
    BRANCH = "branch"
    ERROR = "error"
    FLOW = "flow"
    MISSING = "missing"


@dataclass(frozen=True)
class Finding:
    """The first statement that went wrong.

    Attributes
    ----------
    fault : Fault
        A value differs; a condition went the other way; the port raised an error; the two sides
        went on to other statements, for a reason that no matched condition shows; or a statement
        of Octave has no counterpart in the port, and what it binds is missing there.
    frame : FrameComparison
        The call in which it did.
    octave_line, python_line : int
        The statement on each side; 0 where it has none.
    row : Row or None
        The comparison, of a value or a condition.
    missing : list of Slot
        Statements of Octave before it that were executed and have no counterpart in the port.
    shown : Finding or None
        Where the fault shows first, if that is another statement.
    """

    fault: Fault
    frame: FrameComparison
    octave_line: int
    python_line: int
    row: Row | None = None
    missing: list[Slot] = field(default_factory=list)
    shown: "Finding | None" = None


def first_finding(comparison: TraceComparison) -> Finding | None:
    """Name the first statement that went wrong; None where every matched one agrees."""
    numbered = enumerate(comparison.frames)
    found = [(one, i) for i, frame in numbered if (one := _finding(frame)) is not None]
    if not found:
        return None
    # What a call returned is bound after all that happened in it, so the inner call goes first.
    first, number = min(found, key=lambda item: (_moment(item[0]), -item[1]))
    first = _called(first, number, comparison.frames)
    first = replace(first, missing=_missing(first))
    return _cause(first) or first


def _finding(frame: FrameComparison) -> Finding | None:
    if frame.wrong:
        row = _bound(frame, frame.wrong[0])
        fault = Fault.BRANCH if row.kind is Kind.BRANCH else Fault.VALUE
        return Finding(fault, frame, row.octave_line, row.python_line, row)
    flow = None if frame.flow is None or frame.flow.rounding else frame.flow
    if frame.error and _by_error(frame, flow):
        return Finding(Fault.ERROR, frame, _twin(frame, frame.error_line), frame.error_line)
    if flow is not None:
        octave_line, python_line = _parting(frame, flow)
        return Finding(Fault.FLOW, frame, octave_line, python_line)
    if frame.error and frame.error.partition(": ")[2] != frame.octave_error:
        return Finding(Fault.ERROR, frame, _twin(frame, frame.error_line), frame.error_line)
    return None


def _by_error(frame: FrameComparison, flow: Flow | None) -> bool:
    """Whether it was the error of the port, and nothing before it, that parted the two sides."""
    if flow is None:
        return not frame.octave_error
    left = [
        python.line
        for octave, python in _loops(frame)
        if octave.line == flow.octave_line
        and not frame.source.within(python.line, frame.error_line)
    ]
    return flow.python_line == 0 and not left


def _loops(frame: FrameComparison) -> list[tuple[Slot, Slot]]:
    """List the matched headers of for loops."""
    texts = frame.octave_statements
    return [(a, b) for a, b in frame.alignment.pairs if texts[a.line].loop == a.name != ""]


def _twin(frame: FrameComparison, python_line: int) -> int:
    """Return Octave's line for a line of the port; 0 where there is none."""
    twins = {python.line: octave.line for octave, python in frame.alignment.pairs}
    return twins.get(python_line, 0)


def _bound(frame: FrameComparison, wrong: Row) -> Row:
    """Return the row to blame: what was taken for an index, and is returned, was none."""
    same = [row for row in frame.rows if row.octave_name == wrong.octave_name]
    if wrong.kind is Kind.RETURNED and len(same) > 1 and same[-2].shifted:
        return replace(wrong, octave_line=same[-2].octave_line, python_line=same[-2].python_line)
    return wrong


def _parting(frame: FrameComparison, flow: Flow) -> tuple[int, int]:
    """Name the statement at which two sides parted: a loop that one left, or a condition."""
    for octave, python in _loops(frame):
        if octave.line == flow.octave_line or python.line == flow.python_line:
            return octave.line, python.line
    twins = {octave.line: python.line for octave, python in frame.alignment.pairs}
    there = twins.get(flow.octave_line, 0)
    last = frame.source.guard(there, flow.last_condition)
    return flow.octave_line, last or flow.python_line


def _moment(found: Finding) -> int:
    """Say when the port came to a finding, counted over all calls; an error ends them all."""
    if found.row is not None:
        return found.row.python_moment
    flow = found.frame.flow
    return flow.python_moment if found.fault is Fault.FLOW and flow else sys.maxsize


def _octave_moment(found: Finding) -> int:
    """Say how many lines Octave had reached in the call when it came to a finding."""
    if found.row is not None:
        return found.row.octave_moment
    flow = found.frame.flow
    return flow.octave_moment if flow is not None else sys.maxsize


def _called(found: Finding, number: int, frames: Sequence[FrameComparison]) -> Finding:
    """Where an argument differs, name the statement that passed it, in the calling function."""
    if number == 0 or found.row is None or found.row.kind is not Kind.VALUE or found.python_line:
        return found
    file, line = found.frame.caller
    for frame in frames[:number]:
        begin = frame.source.begin(line)
        if str(frame.source.file) == file and frame.source.within(frame.source.tree.lineno, line):
            twin = _twin(frame, begin)
            passed = replace(found.row, octave_moment=frame.octave_lines.get(twin, sys.maxsize))
            return Finding(found.fault, frame, twin, begin, passed)
    return replace(found, frame=frames[0], python_line=frames[0].error_line)


def _missing(found: Finding) -> list[Slot]:
    """List the statements that Octave came to before a finding, and that the port lacks."""
    frame, until = found.frame, _octave_moment(found)
    return [
        slot
        for slot in frame.alignment.octave_only
        if slot.name and slot.line in frame.octave_lines and frame.octave_lines[slot.line] <= until
    ]


def _cause(found: Finding) -> Finding | None:
    """Follow what a finding reads back to a binding that only one side has, and that is wrong."""
    read = _read(found)
    known = _Known(found)
    return (
        _lost_error(found)
        or _cause_in_signature(found, read, known)
        or _cause_in_octave(found, read, known)
        or _cause_in_port(found, read, known)
    )


class _Known:
    """What each side had bound in the call before a finding."""

    def __init__(self, found: Finding) -> None:
        self.octave = list(_events(found.frame.octave_items, _octave_moment(found)))
        self.python = list(_events(found.frame.python_items, _moment(found)))
        self._words = found.frame.source.words

    def ours(self, name: str) -> Event | None:
        """Return the port's last binding of a variable that Octave calls `name`.

        Where the port has that very name, others that are spelled alike (y for Y) are not meant.
        """
        if name in self._words:
            return next((event for event in reversed(self.python) if event.name == name), None)
        return _last(self.python, spelling(name))


def _read(found: Finding) -> frozenset[str]:
    """Spell what the statement of a finding reads, on either side, and what it binds."""
    frame = found.frame
    texts = [frame.source.line_text(found.python_line)] if found.python_line else []
    if (statement := frame.octave_statements.get(found.octave_line)) is not None:
        texts.append(statement.text)
    names = [found.row.octave_name] if found.row is not None else []
    words = [word for text in texts for word in re.findall(r"[A-Za-z_]\w*", text)]
    return frozenset(map(spelling, [*words, *names]))


def _lost_error(found: Finding) -> Finding | None:
    """Name the error that ended Octave, if the port lacks the statement and so went on."""
    frame = found.frame
    if not frame.octave_error or not frame.octave_lines:
        return None
    last = max(frame.octave_lines, key=lambda line: frame.octave_lines[line])
    if any(slot.jump and slot.line == last for slot in frame.alignment.octave_only):
        return Finding(Fault.MISSING, frame, last, 0, shown=replace(found, missing=[]))
    return None


def _cause_in_octave(found: Finding, read: frozenset[str], known: _Known) -> Finding | None:
    """Name a statement of Octave that the port lacks, if the port holds another value for it."""
    frame, row = found.frame, found.row
    for slot in reversed(found.missing):
        name = spelling(slot.name)
        if name not in read:
            continue
        theirs = next((e for e in reversed(known.octave) if e.name == slot.name), None)
        if theirs is None or theirs.line != slot.line:
            continue
        ours = known.ours(slot.name)
        # What a return gives needs no name in the port.
        if (
            ours is None
            and row is not None
            and (row.kind, row.octave_name)
            == (
                Kind.RETURNED,
                slot.name,
            )
        ):
            continue
        if ours is None or not numbers_row(theirs, ours, []).verdict.agrees:
            shown = replace(found, missing=[])
            return Finding(Fault.MISSING, frame, slot.line, 0, shown=shown)
    return None


def _cause_in_port(found: Finding, read: frozenset[str], known: _Known) -> Finding | None:
    """Name a binding that only the port has, if it does not hold the numbers that Octave has.

    Such a statement prepares a value in Python's way: whatever its shape, it has to hold the
    numbers of Octave's variable, column by column.
    """
    frame = found.frame
    only = {(slot.line, slot.name) for slot in frame.alignment.python_only}
    for name in sorted(read):
        theirs = _last(known.octave, name)
        bound = [event for event in known.python if spelling(event.name) == name]
        if theirs is None or not bound or bound[-1].line == found.python_line:
            continue
        for ours in _prepared(bound, only):
            row = numbers_row(theirs, ours, _again(frame, ours, known.python))
            if not row.verdict.agrees:
                shown = replace(found, missing=[])
                return Finding(Fault.VALUE, frame, 0, ours.line, row, shown=shown)
    return None


def _cause_in_signature(found: Finding, read: frozenset[str], known: _Known) -> Finding | None:
    """Name the signature, if an argument's default is not what Octave goes on with."""
    given = {spelling(event.name) for event in known.octave if event.line == ARGUMENTS_LINE}
    for name in sorted(read - given):
        theirs, ours = _last(known.octave, name), _last(known.python, name)
        if ours is None or ours.line != ARGUMENTS_LINE or ours.value is None:
            continue
        if theirs is None or not numbers_row(theirs, ours, []).verdict.agrees:
            line = found.frame.source.tree.lineno
            shown = replace(found, missing=[])
            return Finding(Fault.VALUE, found.frame, 0, line, shown=shown)
    return None


def _prepared(bound: Sequence[Event], only: Container[tuple[int, str]]) -> list[Event]:
    """Return the last bindings of a variable, as far back as only the port has them."""
    found: list[Event] = []
    for event in reversed(bound):
        if (event.line, event.name) not in only:
            break
        found.append(event)
    return found[::-1]


def _events(items: Moments, until: int) -> Iterator[Event]:
    """Yield what was bound in a call before a moment."""
    for moment, item in items:
        if moment >= until:
            return
        if isinstance(item, Event) and item.name != RETURNED:
            yield item


def _last(events: Sequence[Event], name: str) -> Event | None:
    """Return the last binding of a variable, by its spelling."""
    found = None
    for event in events:
        if spelling(event.name) == name:
            found = event
    return found


def _again(frame: FrameComparison, event: Event, before: Sequence[Event]) -> list[Any]:
    """Return the values that the same binding had in the nudged runs."""
    count = sum((one.line, one.name) == (event.line, event.name) for one in before)
    found = []
    for items in frame.nudged_items:
        same = [
            item.value
            for _, item in items
            if isinstance(item, Event) and (item.line, item.name) == (event.line, event.name)
        ]
        found += same[count - 1 : count]
    return found


__all__ = ["Fault", "Finding", "first_finding"]
