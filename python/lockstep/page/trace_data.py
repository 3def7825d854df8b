"""A trace as plain data for the page: both programs, the steps, the values and their origins.

May import `model`, `tracing`, `reports` and the rest of this folder.
"""

from collections.abc import Sequence
from typing import Any

from lockstep.explain.tracing import Relation, Row, compared
from lockstep.model.changed import whole
from lockstep.model.execution import Kind, NotKept
from lockstep.model.report import Finding
from lockstep.page.chain import chain_data
from lockstep.page.network import network_data
from lockstep.page.origins import graphs
from lockstep.page.pictures import MOST_CELLS, picture
from lockstep.page.side_by_side import programs
from lockstep.project.views import Chain, Network, View
from lockstep.reports.plain import MOST_ELEMENTS, value_data
from lockstep.reports.trace_text import difference_text, marked_row
from lockstep.tracing import Traced

MOST_STEPS = 1500
"""Steps that are kept, those around the fault."""

ALL_CELLS = 100_000
"""Cells of all pictures of a trace together, about."""

LEAST_CELLS = 64
"""Cells of a picture, however many there are."""

FEW_STEPS, FEW_ELEMENTS = 200, 8
"""In a trace of more steps than this, so many elements of a cell or struct are written out."""


def trace_data(traced: Traced, views: Sequence[View] = ()) -> dict[str, Any]:
    """Return what the page shows of a trace.

    Parameters
    ----------
    traced : Traced
        The case.
    views : sequence of View
        What else is shown of the pair.
    """
    rows = joined(traced.rows, traced.finding)
    marked = marked_row(traced.finding, rows)
    here = next((i for i, row in enumerate(rows) if row is marked), 0)
    start = max(0, min(here - MOST_STEPS // 2, len(rows) - MOST_STEPS))
    steps = rows[start : start + MOST_STEPS]
    first = here - start if marked is not None else _first_wrong(steps)
    found = programs(traced, rows)
    return {
        "pair": traced.result.pair,
        "case": traced.result.case,
        "agrees": traced.result.agrees,
        "programs": found,
        "start": start,
        "count": len(rows),
        "first": first,
        "marked": marked is not None,
        "steps": _steps(steps),
        "graphs": graphs(traced.matching, steps, found, first, traced.finding),
        "notes": _notes(traced),
        "chains": [chain_data(one, traced) for one in views if isinstance(one, Chain)],
        "networks": [network_data(one, traced) for one in views if isinstance(one, Network)],
    }


def joined(rows: Sequence[Row], finding: Finding | None) -> list[Row]:
    """Make one step of what only one side seemed to do, where the finding says that both did it.

    What Octave did stands where the port did it; a step of Octave's that has a counterpart already
    stays, and is shown a second time beside what is at fault.
    """
    if finding is None or finding.octave is None or finding.port is None:
        return list(rows)
    line, own_line = finding.octave.line, finding.port.line
    theirs = [row for row in rows if row.octave and row.octave.line == line]
    alone = [row for row in theirs if row.port is None]
    own = [row for row in rows if row.octave is None and row.port and row.port.line == own_line]
    pairs = {id(one): other for one, other in zip(own, alone or theirs, strict=False)}
    dropped = {id(row) for row in pairs.values() if row.port is None}
    return [
        _one_step(pairs[id(row)], row) if id(row) in pairs else row
        for row in rows
        if id(row) not in dropped
    ]


def _one_step(octave: Row, port: Row) -> Row:
    assert octave.octave is not None
    assert port.port is not None
    found = compared(octave.octave.value, port.port.value)
    return Row(
        octave.octave,
        port.port,
        found.relation,
        found.ulps,
        found.mismatch,
        (octave.nodes[0], port.nodes[1]),
    )


def _first_wrong(steps: Sequence[Row]) -> int:
    """Return the step to show first where none is at fault: the first that differs, or the last."""
    wrong = (i for i, row in enumerate(steps) if row.relation is Relation.DIFFERENT)
    return next(wrong, max(0, len(steps) - 1))


def _steps(steps: Sequence[Row]) -> list[dict[str, Any]]:
    both = sum(row.octave is not None and row.port is not None for row in steps)
    most = max(LEAST_CELLS, min(MOST_CELLS, ALL_CELLS // max(1, both)))
    elements = MOST_ELEMENTS if len(steps) <= FEW_STEPS else FEW_ELEMENTS
    return [_step(row, most, elements) for row in steps]


def _step(row: Row, most: int, elements: int) -> dict[str, Any]:
    found: dict[str, Any] = {
        "nodes": list(row.nodes),
        "relation": row.relation.name.lower(),
        "text": difference_text(row),
    }
    shown = row.octave or row.port
    assert shown is not None
    found["depth"] = shown.depth
    if row.octave is not None and row.port is not None:
        found["picture"] = None if shown.kind is Kind.DECISION else picture(row, most)
    if found.get("picture") is None:
        sides = ("octave", row.octave), ("port", row.port)
        found["values"] = {
            side: value_data(step.value, most=elements)
            for side, step in sides
            if step is not None and not isinstance(whole(step.value), NotKept)
        }
    return found


def _notes(traced: Traced) -> list[str]:
    """Say what is not on the page though it happened."""
    said = []
    for side, execution in (("Octave", traced.octave), ("the port", traced.port)):
        if execution.cut:
            said.append(f"not all of {side} was recorded: {execution.cut}")
        if execution.error:
            said.append(f"{side} raised: {execution.error}")
    if len(traced.rows) > MOST_STEPS:
        said.append(
            f"{MOST_STEPS} of {len(traced.rows)} steps are on this page, those around the fault; "
            "lockstep trace with --from, --to and --only shows others"
        )
    if traced.note:
        said.append(traced.note)
    return said
