"""What the cases of pairs reach, in words: a table, then what each pair misses.

May import `model`, `covering` and `terminal`.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path

from lockstep.covering import PairReach
from lockstep.model.coverage import Reach
from lockstep.terminal.tables import Column, Columns, Row, widest

SHOWN_BRANCHES = 20
"""Branches of one file that are listed; the rest are counted."""


def coverage_table(found: Sequence[PairReach]) -> Iterator[Row]:
    """Write the table, a row a pair."""
    columns = Columns(
        [
            Column("pair", widest("pair", [one.pair for one in found]), gap=0),
            Column("cases", 5, right=True),
            Column(".m file", 8, right=True),
            Column("port", 8, right=True),
        ]
    )
    yield columns.head()
    for one in found:
        shares = [share_text(side.share) if side else "-" for side in (one.octave, one.port)]
        yield columns.row(one.pair, one.cases, *shares)


def missed_text(one: PairReach) -> str:
    """Say what the cases of a pair miss; empty where they miss nothing."""
    lines = [f"  {note}" for note in one.notes]
    for side in (one.octave, one.port):
        if side is not None and side.share < 1:
            lines += _missed(side)
    return "\n".join([f"{one.pair}:", *lines]) if lines else ""


def _missed(side: Reach) -> Iterator[str]:
    yield (
        f"  {Path(side.file).name}: {len(side.reached)} of {len(side.lines)} lines, "
        f"{len(side.taken)} of {len(side.branches)} branches"
    )
    if side.missed_lines:
        yield f"    not reached: {_ranges(side.missed_lines, side.lines)}"
    branches = side.missed_branches
    for branch in branches[:SHOWN_BRANCHES]:
        yield f"    line {branch.line}: {branch.condition} was never {str(branch.held).lower()}"
    if len(branches) > SHOWN_BRANCHES:
        yield f"    and {len(branches) - SHOWN_BRANCHES} more branches"


def _ranges(missed: Sequence[int], all_lines: frozenset[int]) -> str:
    """Write line numbers, those in a row as ``3-7`` where no line between was reached."""
    groups: list[list[int]] = []
    for line in missed:
        if groups and not any(groups[-1][-1] < other < line for other in all_lines):
            groups[-1].append(line)
        else:
            groups.append([line])
    texts = [f"{one[0]}-{one[-1]}" if len(one) > 1 else f"{one[0]}" for one in groups]
    return ("line " if len(missed) == 1 else "lines ") + ", ".join(texts)


def share_text(share: float) -> str:
    """Write a part of all in whole per cents: 100% is all of it, and nothing less."""
    return f"{int(100 * share)}%"
