"""Two calls for a notebook or a program: run pairs, trace a case. `checking` has the third.

Both sides run in a process of their own, as with the command, so that a port that was changed is
read anew. May import all folders before it in the line of `lockstep/__init__.py`, and `supervisor`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

from lockstep.compare.case_result import PairResult
from lockstep.engine_process import EngineError
from lockstep.explaining import Explained
from lockstep.model.identity import RECORDED
from lockstep.page.notebook import framed
from lockstep.page.render import page_html
from lockstep.page.table import pair_data
from lockstep.project.cases import CasesError
from lockstep.project.choosing import CaseChoice
from lockstep.project.pairs import Project, ProjectError, find_project
from lockstep.reports.run_table import RunTable
from lockstep.reports.text import failure_text, headline
from lockstep.supervisor import Supervisor
from lockstep.terminal.visible import visible


@dataclass(frozen=True)
class RunReport:
    """What a run gave; a notebook shows it as the page.

    Attributes
    ----------
    results : tuple of PairResult
        One for each pair, and for each of its other Python sides.
    explained : mapping
        What was found of pairs that disagree, by their names.
    """

    results: tuple[PairResult, ...]
    explained: Mapping[str, Explained]
    _reports: tuple[str, ...] = ()
    _traces: tuple[Mapping[str, Any], ...] = field(default=(), repr=False)

    @property
    def agrees(self) -> bool:
        """Whether something was compared, and nothing is wrong in it."""
        return bool(self.results) and all(result.agrees for result in self.results)

    def __str__(self) -> str:
        """Return the table, and the report of what disagrees."""
        names = [result.pair for result in self.results]
        recorded = any(case.oracle for one in self.results for case in one.cases)
        table = RunTable(names, RECORDED if recorded else "")
        lines = [str(table.head()), *(str(table.pair(result)) for result in self.results)]
        return "\n".join([*lines, *(f"\n{visible(text)}" for text in self._reports)])

    def _repr_html_(self) -> str:
        pairs = [pair_data(one, self.explained.get(one.pair)) for one in self.results]
        return framed(page_html(headline(self.results, complete=True), pairs, self._traces))


@dataclass(frozen=True)
class TraceReport:
    """A case step by step; a notebook shows it as the page.

    Attributes
    ----------
    pair, case : str
        Names.
    agrees : bool
        Whether the outputs agree.
    text : str
        Both programs side by side, and what was found.
    """

    pair: str
    case: str
    agrees: bool
    text: str
    _pair: Mapping[str, Any] = field(repr=False)
    _trace: Mapping[str, Any] = field(repr=False)

    @property
    def finding(self) -> Mapping[str, Any] | None:
        """The place at fault, as ``finding`` of the package's schema.json; None for none."""
        found: Mapping[str, Any] | None = self._pair["explanation"]["finding"]
        return found

    def __str__(self) -> str:
        """Return the trace in words."""
        return visible(self.text)

    def _repr_html_(self) -> str:
        title = f"{self.pair}, case {self.case!r}: {'agrees' if self.agrees else 'disagrees'}"
        return framed(page_html(title, [self._pair], [self._trace]))


def run(
    *names: str,
    cases: Sequence[str] = (),
    project: Project | None = None,
    timeout: float | None = None,
) -> RunReport:
    """Compare pairs, and explain those that disagree.

    Parameters
    ----------
    *names : str
        Pairs; all where none is named.
    cases : sequence of str
        Names of cases, or patterns with ``*`` and ``?``; all where there are none.
    project : Project, optional
        By default the one around the current folder.
    timeout : float, optional
        Seconds that each side of a case may take.

    Raises
    ------
    ProjectError, OctaveNotFoundError
        If a side cannot be found.

    Examples
    --------
    >>> run("sigmoid").agrees
    True
    """
    project = project or find_project()
    asked = [project.pair(name) for name in names] or project.pairs()
    pairs = [pair.name for pair in asked if names or not project.missing(pair)]
    choice = CaseChoice(tuple(cases))
    results: list[PairResult] = []
    told = _Told()
    with Supervisor(project, timeout) as both:
        both.machine()
        for pair in pairs:
            found = both.run_pair(pair, choice=choice)
            results += found
            for result in found:
                told.add(both, result)
    return RunReport(tuple(results), told.explained, tuple(told.reports), tuple(told.traces))


class _Told:
    """What is said of pairs that disagree."""

    def __init__(self) -> None:
        self.explained: dict[str, Explained] = {}
        self.reports: list[str] = []
        self.traces: list[Mapping[str, Any]] = []

    def add(self, both: Supervisor, result: PairResult) -> None:
        """Report the first case that disagrees, with what is found of the port."""
        bad = [case for case in result.cases if not case.agrees]
        if not bad:
            return
        text = failure_text(bad[0])
        if "[" not in result.pair and bad[0].may_be_explained:
            explanation = both.explain(result.pair, bad[0].case)
            text = f"{text}\n{explanation.text}".rstrip()
            if explanation.found is not None:
                self._keep(both, result.pair, explanation.found)
        self.reports.append(text)

    def _keep(self, both: Supervisor, pair: str, found: Explained) -> None:
        self.explained[pair] = found
        if not found.case:
            return
        try:
            traced = both.trace(pair, found.case, found=found.finding, with_page=True)
        except ProjectError:
            return  # the report says what can be said without it
        if traced.trace is not None:
            self.traces.append(traced.trace)


def trace(
    name: str,
    case: str | None = None,
    *,
    depth: int = 0,
    forced: bool = False,
    project: Project | None = None,
    timeout: float | None = None,
) -> TraceReport:
    """Run one case on both sides, and compare what each statement bound.

    Parameters
    ----------
    name : str
        The pair.
    case : str, optional
        Name of the case; by default the first that disagrees, else the first.
    depth : int
        Levels of calls of other pairs to look into.
    forced : bool
        Whether each Python statement starts from Octave's values.
    project : Project, optional
        By default the one around the current folder.
    timeout : float, optional
        Seconds that each side of a case may take.

    Raises
    ------
    ProjectError, OctaveNotFoundError
        If a side cannot be found, or cannot be traced; the message says why.
    """
    project = project or find_project()
    pair = project.pair(name).name
    with Supervisor(project, timeout) as both:
        try:
            chosen = chosen_case(both, pair, case)
            found = both.trace(pair, chosen, depth, forced, with_page=True)
        except (CasesError, EngineError) as error:
            raise ProjectError(str(error)) from error
    assert found.pair is not None
    assert found.trace is not None
    text = f"Octave's values are recorded ones\n{found.text}" if both.said else found.text
    return TraceReport(pair, chosen, found.agrees, text, found.pair, found.trace)


def chosen_case(
    both: Supervisor,
    pair: str,
    wanted: str | None,
    progress: Callable[[int, int, str], None] = lambda done, total, name: None,
) -> str:
    """Return the case that is named, or the first that disagrees, or the first.

    Raises
    ------
    ProjectError
        If there is no case of that name; the message suggests names that are.
    """
    cases = both.listing(pair)
    if wanted is not None:
        if wanted not in cases:
            near = get_close_matches(wanted, cases) or list(cases)
            raise ProjectError(f"{pair} has no case {wanted!r}; it has {', '.join(near)}")
        return wanted
    for done, name in enumerate(cases, start=1):
        progress(done, len(cases), name)
        if not both.run_case(pair, name)[0].agrees:
            return name
    return next(iter(cases))
