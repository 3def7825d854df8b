"""A trace in words: both programs side by side, in the order of execution, and what was found.

May import `explain`, `tracing`, `values`, `terminal` and `finding_text`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from lockstep.explain.forcing import Forced
from lockstep.explain.tracing import NOT_RECORDED, Relation, Row, Step, seen_lines
from lockstep.model.changed import Changed
from lockstep.model.execution import Execution, Kind, NotKept
from lockstep.model.report import Finding
from lockstep.model.values import Opaque, octave_class, size_text
from lockstep.reports.finding_text import finding_text
from lockstep.reports.text import ulps_text
from lockstep.terminal.tables import Column, Columns
from lockstep.tracing import Traced

SHOWN_PLACES = 8
"""Places that are wrong in themselves and are shown in full."""

SHOWN_ROWS = 200
"""Rows of a trace that are shown unless more are asked for."""

WIDTH = 132
"""Columns where there is no terminal that says how many it has."""

NARROW = 110
"""Columns below which a trace has less room for values and differences."""


@dataclass(frozen=True)
class Selection:
    """Which rows of a trace to show.

    Attributes
    ----------
    first, last : int or None
        Lines of the .m file.
    only : str or None
        Name of a variable, as either side spells it.
    rows : int
        How many at most.
    """

    first: int | None = None
    last: int | None = None
    only: str | None = None
    rows: int = SHOWN_ROWS

    def of(self, rows: Sequence[Row]) -> list[Row]:
        """Choose rows; one without a line of Octave stands with the one before it."""
        found, line = [], 0
        for row in rows:
            if row.octave is not None:
                line = row.octave.line
            names = {step.name for step in (row.octave, row.port) if step is not None}
            if self._has(line) and (self.only is None or self.only in names):
                found.append(row)
        return found

    def _has(self, line: int) -> bool:
        return (self.first is None or line >= self.first) and (
            self.last is None or line <= self.last
        )


EVERY_ROW = Selection()


def trace_text(traced: Traced, selection: Selection, width: int) -> str:
    """Show a trace: what the outputs say, a table, and what was found.

    Parameters
    ----------
    traced : Traced
        The case.
    selection : Selection
        Which rows.
    width : int
        Columns of the terminal.
    """
    lines: list[str] = []
    if traced.result.agrees:
        lines += ["the outputs agree: whatever differs below is no fault", ""]
    lines += [*_table(traced, selection, width), ""]
    lines += _seen(traced)
    lines += _found(traced)
    return "\n".join(lines)


def _table(traced: Traced, selection: Selection, width: int) -> Iterator[str]:
    columns = _columns(width)
    yield f"{_file(traced.octave)} and {_file(traced.port)}, in the order of execution"
    yield columns.head().text(width)
    chosen = selection.of(traced.rows)
    marked = marked_row(traced.finding, chosen)
    start = 0
    if marked is not None and len(chosen) > selection.rows:
        start = max(0, chosen.index(marked) - selection.rows // 2)
    if start:
        yield f"  ... {start} rows above"
    for row in chosen[start : start + selection.rows]:
        mark = ">" if row is marked else " "
        sides = *_side(row.octave), *_side(row.port)
        yield columns.row(mark, *sides, _value(row), difference_text(row)).text(width)
    rest = len(chosen) - start - selection.rows
    if rest > 0:
        yield f"  ... {rest} more rows: --rows {len(chosen)}, --from, --to, --only show them"


def _columns(width: int) -> Columns:
    """Return the columns of a table that is so wide: the two programs get what is left."""
    value, difference = (14, 16) if width < NARROW else (22, 31)
    half = max(10, (width - value - difference - 17) // 2)
    number = Column("", 4, right=True, gap=1)
    return Columns(
        [
            Column("", 1, gap=0),
            number,
            Column("Octave", half, gap=1),
            number,
            Column("Python", half, gap=1),
            Column("value", value, gap=1),
            Column("difference", difference, gap=1),
        ]
    )


def _file(execution: Execution) -> str:
    return execution.source.files[execution.frames[0].function].name


def marked_row(finding: Finding | None, rows: Sequence[Row]) -> Row | None:
    """Find the row of the statement that is at fault, at the turn at which it first was."""
    if finding is None:
        return None
    for place, side in ((finding.port, "port"), (finding.octave, "octave")):
        if place is None:
            continue
        steps = ((row, getattr(row, side)) for row in rows)
        here = [row for row, step in steps if step is not None and step.line == place.line]
        wrong = [row for row in here if not row.relation.agrees]
        if here:
            return (wrong or here)[0]
    return None


def _side(step: Step | None) -> tuple[str, str]:
    """Return the line's number and its text; nothing where a side has no such step."""
    if step is None:
        return "", ""
    has_line = step.depth or step.kind not in (Kind.ARGUMENT, Kind.DEFAULT)
    return str(step.line) if has_line else "", f"{'  ' * step.depth}{step.text}"


def _value(row: Row) -> str:
    step = row.octave or row.port
    assert step is not None
    if step.kind is Kind.DECISION:
        return _outcome(step.value)
    name = step.name or (row.port.name if row.port is not None else "")
    return f"{name} {_what(step.value)}".strip()


def _outcome(value: Any) -> str:
    try:
        return "true" if bool(np.all(value)) else "false"
    except (TypeError, ValueError):
        return str(value)


def _what(value: Any) -> str:
    if isinstance(value, Changed):
        return f"{size_text(value.shape)}, {value.part.size} changed"
    if isinstance(value, NotKept):
        return f"{size_text(value.shape)} not kept".strip()
    if isinstance(value, Opaque) or callable(value):
        return octave_class(value)
    shape = (len(value),) if isinstance(value, (list, tuple)) else np.shape(value)
    size = "" if all(n == 1 for n in shape) else size_text(shape)
    return " ".join(part for part in (size, octave_class(value)) if part)


def difference_text(row: Row) -> str:
    """Say how the two values of a step are to each other."""
    if row.relation is Relation.ALONE:
        return f"only in {'Octave' if row.octave is not None else 'the port'}"
    if row.relation is Relation.DIFFERENT and row.octave is not None and row.port is not None:
        if row.octave.kind is Kind.DECISION:
            octave, port = _outcome(row.octave.value), _outcome(row.port.value)
            return f"{octave} in Octave, {port} in Python"
        return row.mismatch or (f"{ulps_text(row.ulps)}, different" if row.ulps else "different")
    if row.relation is Relation.ROUNDING:
        return f"{ulps_text(row.ulps)}, rounding"
    return str(row.relation) or row.mismatch


def _seen(traced: Traced) -> Iterator[str]:
    """Say how much was seen, and what was not."""
    both = [row for row in traced.rows if row.octave is not None and row.port is not None]
    octave, port = seen_lines(traced.rows)
    alone = [
        sum(getattr(row, side) is None and row.mismatch != NOT_RECORDED for row in traced.rows)
        for side in ("port", "octave")
    ]
    yield (
        f"{len(both)} executions of {octave} lines of Octave and {port} of Python; "
        f"{alone[0]} more only in Octave, {alone[1]} only in the port"
    )
    unseen = sum(row.mismatch == NOT_RECORDED for row in traced.rows)
    if unseen:
        yield f"{unseen} more are not compared: {NOT_RECORDED}"
    for side, execution in (("Octave", traced.octave), ("the port", traced.port)):
        if execution.cut:
            yield f"not all of {side}: {execution.cut}"
        if execution.error:
            where = ""
            if execution.error_statement >= 0:
                where = f", line {execution.source.statements[execution.error_statement].span.line}"
            yield f"{side} raised{where}: {execution.error}"


def _found(traced: Traced) -> Iterator[str]:
    if traced.result.agrees:
        return
    yield ""
    if traced.note:
        yield traced.note
    if traced.forced is not None:
        yield from _forced(traced.forced, traced.finding)
        if traced.finding is None or traced.forced.agrees or _is_among(traced):
            return
        yield ""
    if traced.finding is not None:
        yield from finding_text(traced.finding)
    elif not traced.note:
        yield "no place was found that is at fault"


def _forced(forced: Forced, finding: Finding | None) -> Iterator[str]:
    """Say what is wrong in itself; the place that is at fault as a trace says it."""
    if forced.stopped:
        where = f" at {forced.place.file.name}, line {forced.place.line}" if forced.place else ""
        yield f"given Octave's values the port stopped{where}: {forced.stopped}"
    if not forced.wrong:
        yield "no statement that has a counterpart is wrong in itself"
        return
    many = len(forced.wrong) > 1
    places = f"{len(forced.wrong)} places are wrong in themselves" if many else "1 place is wrong"
    yield f"{places}, given Octave's values in all before" + (" them" if many else " it")
    yield (
        "with Octave's values there every output of the case agrees"
        if forced.agrees
        else "with Octave's values there alone the outputs still disagree"
    )
    for one in forced.wrong[:SHOWN_PLACES]:
        same = finding is not None and _line(one) == _line(finding)
        yield from ("", *finding_text(finding if same and finding is not None else one))
    yield from (f"also {_place(one)}" for one in forced.wrong[SHOWN_PLACES:])


def _is_among(traced: Traced) -> bool:
    """Whether the place that is at fault is one of those that are wrong in themselves."""
    if traced.forced is None or traced.finding is None:
        return False
    return _line(traced.finding) in map(_line, traced.forced.wrong)


def _line(finding: Finding) -> tuple[Path, int] | None:
    return None if finding.port is None else (finding.port.file, finding.port.line)


def _place(finding: Finding) -> str:
    place = finding.port or finding.octave
    assert place is not None
    twin = ""
    if finding.port is not None and finding.octave is not None:
        twin = f" ({finding.octave.file.name}, line {finding.octave.span.line})"
    text = place.expression or place.statement
    return f"{place.file.name}, line {place.span.line}{twin}: {text}"
