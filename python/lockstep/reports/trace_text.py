"""A trace in words: both sources side by side, and the first statement that went wrong.

May import `events`, `trace`, `finding`, `values`, `verdict` and `report.text`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from lockstep.explain.finding import Fault, Finding, first_finding
from lockstep.explain.trace import A_SAMPLE, FrameComparison, Kind, Row, TraceComparison
from lockstep.model.events import SAMPLES
from lockstep.model.values import octave_class, size_text
from lockstep.reports.text import leaf_text, others_text, ulps_text

SHOWN_LEAVES = 3
"""Differing parts of one value (a cell, a struct) that are shown in full."""

OTHER_ELEMENTS = 3
"""Elements of a value that differ and are shown after the worst."""

SHOWN_ROWS = 200
"""Rows of a trace that are shown unless more are asked for."""


@dataclass(frozen=True)
class Selection:
    """Which rows of a trace to show.

    Attributes
    ----------
    first, last : int or None
        Lines of the .m file.
    only : str or None
        Name of a variable, as Octave spells it.
    rows : int
        How many at most.
    """

    first: int | None = None
    last: int | None = None
    only: str | None = None
    rows: int = SHOWN_ROWS

    def takes(self, row: Row) -> bool:
        """Whether a row is to be shown."""
        return (
            (self.first is None or row.octave_line >= self.first)
            and (self.last is None or 0 < row.octave_line <= self.last)
            and (self.only is None or row.octave_name == self.only)
        )


def trace_text(comparison: TraceComparison, selection: Selection, width: int) -> str:
    """Show a trace: a table for each call, then what was found.

    Parameters
    ----------
    comparison : TraceComparison
        Both sides.
    selection : Selection
        Which rows.
    width : int
        Columns of the terminal.
    """
    lines: list[str] = []
    found = first_finding(comparison)
    for frame in comparison.frames:
        local = ">" in frame.function
        if not local or (found is not None and found.frame is frame):
            lines += [*_table(frame, selection, width), ""]
    lines += _end(comparison)
    return "\n".join(lines)


def _table(frame: FrameComparison, selection: Selection, width: int) -> Iterator[str]:
    half = max(24, (width - 51) // 2)
    what, _, local = frame.function.partition(">")
    said = f", {local}" if local else ""
    yield f"{what}.m and {frame.source.file.name}{said}, in the order of execution"
    yield f"  {'Octave':<{half}} {'Python':<{half}} {'value':<22} difference"
    shown = [row for row in frame.rows if selection.takes(row)]
    first_wrong = frame.wrong[0] if frame.wrong else None
    places = [i for i, row in enumerate(shown) if row is first_wrong]
    if places and len(shown) > selection.rows:
        place = places[0]
        start = max(0, place - selection.rows // 2)
        if start:
            yield f"  ... {start} rows above"
        shown = shown[start:]
    for row in shown[: selection.rows]:
        mark = ">" if row is first_wrong else " "
        yield f"{mark} {_left(frame, row, half)} {_right(frame, row, half)} {_value(row)}".rstrip()
    if len(shown) > selection.rows:
        rest = len(shown) - selection.rows
        yield f"  ... {rest} more rows: --rows {len(frame.rows)}, --from, --to, --only show them"


def _left(frame: FrameComparison, row: Row, half: int) -> str:
    statement = frame.octave_statements.get(row.octave_line)
    what = "returned" if row.kind is Kind.RETURNED else "argument"
    text = statement.source if statement else f"{what} {row.octave_name}"
    return _cut(f"{row.octave_line or '':>4} {text}", half)


def _right(frame: FrameComparison, row: Row, half: int) -> str:
    text = frame.source.line_text(row.python_line) or f"argument {row.python_name}"
    return _cut(f"{row.python_line or '':>4} {text}", half)


def _cut(text: str, width: int) -> str:
    return f"{text:<{width}}" if len(text) <= width else text[: width - 1] + "~"


def _value(row: Row) -> str:
    if row.kind is Kind.BRANCH:
        octave, python = ("true" if way else "false" for way in row.outcome)
        said = "" if octave == python else f"{octave} in Octave, {python} in Python"
        return f"{octave:<22} {said}"
    if row.kind is Kind.JUMP:
        return row.octave_name
    if row.shifted:
        return f"{'index':<22} Octave counts from 1"
    what = _what(row.leaves[0].leaf.octave) if len(row.leaves) == 1 else f"{len(row.leaves)} parts"
    return f"{row.octave_name + ' ' + what:<22} {_difference(row)}"


def _what(value: Any) -> str:
    shape = np.shape(value)
    kind = octave_class(value)
    size = "" if shape in ((1, 1), ()) else size_text(shape)
    return " ".join(part for part in (size, kind) if part)


def _difference(row: Row) -> str:
    if any(not leaf.leaf.compared for leaf in row.leaves):
        return "not compared"
    if not row.verdict.agrees:
        return next((leaf.leaf.mismatch for leaf in row.leaves if leaf.leaf.mismatch), "") or (
            f"{ulps_text(row.largest_ulps)}, different"
        )
    return "" if row.largest_ulps == 0 else f"{ulps_text(row.largest_ulps)}, rounding"


def _end(comparison: TraceComparison) -> Iterator[str]:
    yield from dict.fromkeys(line for frame in comparison.frames for line in _unmatched(frame))
    if comparison.dropped:
        yield f"{comparison.dropped} events were beyond the limit and are not in this trace"
    parts = [leaf for frame in comparison.frames for row in frame.rows for leaf in row.leaves]
    sampled = sum(leaf.leaf.path.endswith(A_SAMPLE) for leaf in parts)
    if sampled:
        yield (
            f"{sampled} large values that are not the same in every bit were compared by "
            f"{SAMPLES:,} of their elements only; a smaller case compares all"
        )
    wrong = [(frame, row) for frame in comparison.frames for row in frame.wrong]
    found = first_finding(comparison)
    if found is None:
        rows = [row for frame in comparison.frames for row in frame.rows]
        octave = {(f.function, line) for f in comparison.frames for line in f.octave_lines}
        python = {(f.function, line) for f in comparison.frames for line in f.python_lines if line}
        largest = max((row.largest_ulps for row in rows), default=0.0)
        yield (
            f"all agree: {len(rows)} executions of {len(octave)} lines of Octave and "
            f"{len(python)} of Python; largest difference "
            f"{ulps_text(largest) if largest else 'none'}"
        )
        return
    if comparison.forced:
        places = dict.fromkeys(
            (frame.function, row.octave_line, row.python_line) for frame, row in wrong
        )
        yield f"wrong in themselves, given Octave's values: {len(places)} statements"
        for function, m_line, py_line in places:
            yield f"  {function}: Octave line {m_line}, Python line {py_line}"
    yield finding_text(found, OTHER_ELEMENTS)


def _unmatched(frame: FrameComparison) -> Iterator[str]:
    octave = [s for s in frame.alignment.octave_only if s.name and s.line in frame.octave_lines]
    python = [s for s in frame.alignment.python_only if s.name and s.line in frame.python_lines]
    if octave:
        yield f"only in {_m_file(frame)}: {_slots(octave)}"
    if python:
        yield f"only in {frame.source.file.name}: {_slots(python)}"
    for one in frame.proposals:
        yield f"  {one.python_name} may be {one.octave_name}: {one.how}"
    if frame.proposals:
        said = (f'"{one.octave_name}": "{one.python_name}{one.layout}"' for one in frame.proposals)
        yield f"  if so, declare it in the cases file: names = {{{', '.join(said)}}}"


def _slots(slots: Sequence[Any]) -> str:
    return ", ".join(f"{slot.name} (line {slot.line})" for slot in slots)


def finding_text(found: Finding, others: int = 0) -> str:
    """Report the first statement that went wrong, with both sides' values.

    Parameters
    ----------
    found : Finding
        The statement.
    others : int
        How many elements to show of each value after the worst.
    """
    lines = [f"first statement that went wrong: {_place(found)}", *_sources(found)]
    lines += [f"  {line}" for line in _evidence(found, others)]
    if found.missing:
        lines.append(
            f"  before it, only {_m_file(found.frame)} has: {_slots(found.missing)}; "
            "is that missing in the port?"
        )
    if found.shown is not None:
        lines.append(f"it shows first at {_place(found.shown)}")
        lines += [*_sources(found.shown), *(f"  {line}" for line in _evidence(found.shown, others))]
    return "\n".join(lines)


def _sources(found: Finding) -> Iterator[str]:
    """Quote the statement, as far as each side has it."""
    frame = found.frame
    statement = frame.octave_statements.get(found.octave_line)
    if statement is not None:
        yield f"  {_m_file(frame)}:{found.octave_line}  {statement.source}"
    if found.python_line:
        text = frame.source.line_text(found.python_line)
        yield f"  {frame.source.file.name}:{found.python_line}  {text}"


def _place(found: Finding) -> str:
    file = found.frame.source.file.name
    if found.fault is Fault.MISSING:
        return f"{_m_file(found.frame)}, line {found.octave_line}, which {file} lacks"
    python = f"{file}, line {found.python_line}" if found.python_line else file
    if not found.octave_line:
        return python
    return f"{python} ({_m_file(found.frame)}, line {found.octave_line})"


def _m_file(frame: FrameComparison) -> str:
    return frame.function.partition(">")[0] + ".m"


def _evidence(found: Finding, others: int) -> Iterator[str]:
    row, frame = found.row, found.frame
    if found.fault is Fault.ERROR:
        after = f"Octave raised: {frame.octave_error}" if frame.octave_error else "Octave went on"
        yield f"the port raised {frame.error}; {after}"
    elif found.fault is Fault.FLOW and frame.flow is not None:
        octave, python = map(_line, (frame.flow.octave_line, frame.flow.python_line))
        yield f"from here Octave went on to {octave}, the port to {python}"
    elif found.fault is Fault.VALUE and row is None:
        yield "a default stands in for an argument that was not given, and that Octave lacks"
    elif row is not None and found.fault is Fault.BRANCH:
        octave, python = ("true" if way else "false" for way in row.outcome)
        yield f"the condition is {octave} in Octave, {python} in Python{_times(row)}"
    elif row is not None:
        if found.shown is not None:
            yield f"only the port has it; column by column it is not {row.octave_name} of Octave"
        bad = [leaf for leaf in row.leaves if not leaf.verdict.agrees]
        for leaf in bad[:SHOWN_LEAVES]:
            yield from leaf_text(leaf).splitlines()
            yield from (f"  {line}" for line in others_text(leaf, others))
        if row.count > 1:
            yield f"the {row.count - 1} executions before it agree"


def _line(line: int) -> str:
    return f"line {line}" if line else "its end"


def _times(row: Row) -> str:
    return f", at its execution number {row.count}" if row.count > 1 else ""
