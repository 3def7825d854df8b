"""Both programs side by side: which lines stand level with each other, and which can be folded.

May import `model`, `tracing` and `plain`.
"""

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from lockstep.explain.tracing import Row
from lockstep.model.execution import Execution
from lockstep.reports.plain import file_text
from lockstep.tracing import Traced

Level = tuple[int | None, int | None]
"""A line of Octave's and one of the port's that stand level, from 1; None for a gap."""


def programs(traced: Traced, steps: Sequence[Row]) -> list[dict[str, Any]]:
    """Return the files of both sides that were seen, in pairs, those of the two functions first.

    Each has its name, its lines, those of them that did something, and the levels.

    Parameters
    ----------
    traced : Traced
        Both executions.
    steps : sequence of Row
        What stands for what.
    """
    pairs = Counter(
        (_file(traced.octave, row.nodes[0]), _file(traced.port, row.nodes[1]))
        for row in steps
        if row.octave is not None and row.port is not None
    )
    mains = tuple(_main(side) for side in (traced.octave, traced.port))
    taken: set[Path] = set()
    found = []
    for pair in [mains, *(pair for pair, _ in pairs.most_common())]:
        if not taken & set(pair):
            taken.update(pair)
            found.append(_program(traced, steps, *pair))
    return found


def _main(execution: Execution) -> Path:
    return execution.source.files[execution.frames[0].function]


def _file(execution: Execution, node: int) -> Path:
    return execution.source.files[execution.site(node).function]


def _program(traced: Traced, steps: Sequence[Row], octave: Path, port: Path) -> dict[str, Any]:
    sides = {"octave": _side(traced.octave, octave), "port": _side(traced.port, port)}
    anchors = Counter(_anchors(traced, steps, octave, port))
    counts = len(sides["octave"]["lines"]), len(sides["port"]["lines"])
    return {**sides, "levels": list(levels(anchors, *counts))}


def _side(execution: Execution, file: Path) -> dict[str, Any]:
    return {
        "file": file_text(file),
        "lines": file.read_text(encoding="utf-8-sig", errors="replace").splitlines(),
        "touched": sorted(_touched(execution, file)),
    }


def _touched(execution: Execution, file: Path) -> set[int]:
    """Return the lines of the statements that did something."""
    source = execution.source
    statements = {source.sites[site].statement for site in execution.by_site}
    found: set[int] = set()
    for number in statements:
        statement = source.statements[number]
        if source.files[statement.function] == file:
            found.update(range(statement.span.line, statement.span.last_line + 1))
    return found


def _anchors(
    traced: Traced, steps: Sequence[Row], octave: Path, port: Path
) -> Iterator[tuple[int, int]]:
    """Yield the lines of statements that stand for each other, once for each time they did so."""
    for row in steps:
        if row.octave is None or row.port is None:
            continue
        files = _file(traced.octave, row.nodes[0]), _file(traced.port, row.nodes[1])
        if files == (octave, port):
            yield row.octave.line, row.port.line


def levels(anchors: Mapping[tuple[int, int], int], octave: int, port: int) -> Iterator[Level]:
    """Lay two files out, so that as many statements as can be stand level with their counterparts.

    Parameters
    ----------
    anchors : mapping
        Pairs of lines that stand for each other, and how often they were seen to.
    octave, port : int
        How many lines each file has.
    """
    left = right = 1
    for mine, theirs in [*_in_order(anchors), (octave + 1, port + 1)]:
        gap = max(mine - left, theirs - right)
        for step in range(gap):
            above = gap - (mine - left), gap - (theirs - right)
            yield (
                left + step - above[0] if step >= above[0] else None,
                right + step - above[1] if step >= above[1] else None,
            )
        if mine <= octave:
            yield mine, theirs
        left, right = mine + 1, theirs + 1


def _in_order(anchors: Mapping[tuple[int, int], int]) -> list[tuple[int, int]]:
    """Return the chain of pairs that goes down on both sides and was seen most often."""
    best: list[tuple[float, list[tuple[int, int]]]] = []
    for pair in sorted(anchors):
        before = (one for one in best if one[1][-1][0] < pair[0] and one[1][-1][1] < pair[1])
        weight, chain = max(before, key=lambda one: one[0], default=(0.0, []))
        # A loop is no better a witness for being long.
        best.append((weight + 1 + math.log(anchors[pair]), [*chain, pair]))
    return max(best, key=lambda one: one[0], default=(0.0, []))[1]


def program_of(found: Sequence[Mapping[str, Any]], side: str, file: Path) -> int:
    """Return which of the programs a file of a side is in; -1 where it is in none."""
    name = file_text(file)
    return next((i for i, one in enumerate(found) if one[side]["file"] == name), -1)
