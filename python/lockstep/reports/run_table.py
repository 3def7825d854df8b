"""The table of `lockstep run`: a row for each pair, and one for each case where that is asked for.

May import `model`, `compare`, `terminal`, `coverage_text` and `text`.
"""

from collections.abc import Sequence

from lockstep.compare.case_result import CaseResult, PairResult
from lockstep.compare.verdict import LeafResult, Verdict
from lockstep.model.values import octave_index
from lockstep.reports.coverage_text import share_text
from lockstep.reports.text import counted, seconds_text, shortened, ulps_text
from lockstep.terminal.tables import Column, Columns, Row

LEAST = 24
"""Width of the column of names at least."""

COLOURS = {
    Verdict.IDENTICAL: "green",
    Verdict.ROUNDING: "green",
    Verdict.DEVIATION: "yellow",
    Verdict.UNTESTABLE: "yellow",
    Verdict.DIFFERENT: "red",
    Verdict.ERROR: "red",
}


class RunTable:
    """The rows of a run.

    Parameters
    ----------
    names : sequence of str
        Of all pairs to come.
    octave : str
        Where Octave's values come from; empty for a live engine.
    """

    def __init__(self, names: Sequence[str], octave: str = "") -> None:
        width = max([LEAST, *map(len, names)])
        rest = [
            Column("verdict", 10),
            Column(octave or "Octave", 8, right=True),
            Column("Python", 8, right=True),
            Column("largest difference", 18),
        ]
        count = Column("cases", 5, right=True, gap=1)
        self._pairs = Columns([Column("pair", width, gap=0), count, *rest])
        self._cases = Columns([Column("", width + count.gap + count.width, gap=0), *rest])

    def head(self) -> Row:
        """Return the headings."""
        return self._pairs.head()

    def pair(self, result: PairResult, reached: float = 1.0) -> Row:
        """Return the row of a pair.

        Parameters
        ----------
        result : PairResult
            What the pair gave.
        reached : float
            Which part of its lines and branches its cases are known to reach; 1 where it is not
            known.
        """
        count = len(result.left_out)
        left_out = f"; {counted(count, 'case')} left out of the recording" if count else ""
        mark = f"; its cases reach {share_text(reached)}" if reached < 1 else ""
        cells = _cells(result, f"{largest_text(result)}{left_out}{mark}")
        styles = {2: COLOURS[result.verdict]}
        return self._pairs.row(result.pair, len(result.cases), *cells, styles=styles)

    def case(self, result: CaseResult) -> Row:
        """Return the row of a case, to stand below that of its pair."""
        leaf = result.largest
        said = "none" if leaf is None else f"{ulps_text(leaf.largest_ulps)} in {_place(leaf)}"
        if result.problem or result.left_out:
            said = shortened((result.problem or result.left_out).splitlines()[0])
        styles = {1: COLOURS[result.verdict]}
        return self._cases.row(f"  {result.case}", *_cells(result, said), styles=styles)


def _cells(result: PairResult | CaseResult, said: str) -> list[str]:
    """Return what stands in the columns that both tables have."""
    times = seconds_text(result.octave_seconds), seconds_text(result.python_seconds)
    return [result.verdict, *times, said]


def largest_text(result: PairResult) -> str:
    """Say in the table how far apart the two sides of a pair are, or what is wrong with it."""
    if result.problem:
        return shortened(result.problem)
    if any(not case.agrees for case in result.cases):
        return f"{disagreeing_text(result)}; see below"
    if result.largest is None:
        return "none"
    case, leaf = result.largest
    used = sorted({leaf.tolerance for case in result.cases for leaf in case.leaves} - {""})
    within = f"; within {'; '.join(used)}, as declared" if used else ""
    return f"{ulps_text(leaf.largest_ulps)} in {_place(leaf)}, case {case.case!r}{within}"


def disagreeing_text(result: PairResult) -> str:
    """Say how many cases of a pair disagree; where there are none, that they cannot be read."""
    if not result.cases:
        return "no case could be run"
    bad = sum(not case.agrees for case in result.cases)
    recorded = "recorded " if any(case.oracle for case in result.cases) else ""
    return f"{bad} of {len(result.cases)} {recorded}cases disagree"


def _place(leaf: LeafResult) -> str:
    index = leaf.worst_index
    return leaf.name if index is None else leaf.name + octave_index(index, leaf.shape)
