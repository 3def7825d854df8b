"""`lockstep run`: every pair compared, each line and each report printed as soon as it is known.

May import all folders before it in the line of `lockstep/__init__.py`, and `supervisor`.
"""

import contextlib
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

from lockstep import doctor
from lockstep.cluster import on_cluster
from lockstep.compare.case_result import CaseResult, PairResult
from lockstep.explaining import Explained
from lockstep.page.render import page_html, write_page
from lockstep.page.table import pair_data
from lockstep.project.agreed import digests, remember_agreed, stamps, unchanged
from lockstep.project.memory import failed_cases, known_shares, remember_failed
from lockstep.project.pairs import Project, ProjectError
from lockstep.reports.github import annotations
from lockstep.reports.json_file import write_json
from lockstep.reports.markdown import markdown_text
from lockstep.reports.run_table import RunTable
from lockstep.reports.text import failure_line, failure_text, headline, total_text
from lockstep.run_options import QUIET, VERBOSE, RunOptions
from lockstep.several import several
from lockstep.supervisor import Supervisor
from lockstep.terminal.progress import Progress
from lockstep.terminal.screen import Screen
from lockstep.terminal.tables import Row

SHOWN_CASES = 5
"""Cases of one pair that are reported in full when they disagree."""


class Run:
    """One run of the command.

    Parameters
    ----------
    project : Project
        The two sides and the cases.
    names : sequence of str
        Pairs to compare; all where none is named.
    options : RunOptions
        What else it is to do.

    Raises
    ------
    ProjectError
        If a name is unknown, or a file cannot be written.
    """

    def __init__(self, project: Project, names: Sequence[str], options: RunOptions) -> None:
        self._project = project
        self._names = names
        self._options = options
        self._choice = options.choice
        self._screen = Screen()
        asked = [project.pair(name) for name in names] or project.pairs()
        project.check_port()
        lacks = {pair.name: project.missing(pair) for pair in asked}
        self._missing = {name: what for name, what in lacks.items() if what}
        self._pairs = [name for name, what in lacks.items() if not what]
        if options.last_failed:
            self._choose_failed()
        self._reached = known_shares(project, self._pairs)
        self._results: list[PairResult] = []
        self._explained: dict[str, Explained] = {}
        self._traces: list[dict[str, Any]] = []
        self._machine: dict[str, str] = {}
        self._stamps: dict[str, str] = {}
        self._unchanged: list[str] = []
        self._beyond: dict[str, str] = {}
        self._start = time.monotonic()
        self._reported = 0
        self._progress = Progress(sys.stderr, options.progress)

    def _choose_failed(self) -> None:
        """Narrow the run to what disagreed the last time, if anything did."""
        failed = failed_cases(self._project)
        pairs = [name for name in self._pairs if name in failed]
        if pairs:
            self._pairs = pairs
            self._choice = replace(self._choice, only=failed)
        else:
            self._screen.say("--lf: no case is known to have disagreed the last time; all are run")

    def carried_out(self, started: Supervisor | None = None) -> bool:
        """Compare, print, and return whether all agreed.

        Parameters
        ----------
        started : Supervisor, optional
            Where to run; closed at the end.
        """
        options = self._options
        self._write(complete=False, problem="cannot write")
        complete = False

        def make() -> Supervisor:
            return Supervisor(self._project, options.timeout, options.in_process)

        with started or make() as both:
            try:
                self._get_ready(both)
                self._tell(doctor.one_line(self._machine))
                self._compare(both, make)
                for text in self._reports(both):
                    self._screen.say(text)
                complete = True
            finally:
                self._seconds = time.monotonic() - self._start
                if not complete:
                    self._progress.clear()
                    self._stopped()
            self._check_chosen()
            self._write(not self._is_cut, problem="the results above could not be written to")
            self._remember()
            self._print_end()  # nobody need wait until Octave has ended
        lacking = self._missing or any(result.left_out for result in self._results)
        if options.strict and lacking:
            self._screen.say("failed: not all was compared, which --strict demands")
            return False
        if not (self._results or self._unchanged):
            return False
        return all(result.agrees for result in self._results)

    def _get_ready(self, both: Supervisor) -> None:
        """Start Octave, and read meanwhile which files the pairs depend on, before these change."""
        with ThreadPoolExecutor(1) as beside:
            reading = beside.submit(digests, self._project, self._pairs)
            self._machine = both.machine()
            files = reading.result()
        self._stamps = stamps(self._project, files, self._machine)
        if self._options.changed:
            self._beyond = {name: one.beyond for name, one in files.items() if one.beyond}
            self._unchanged = unchanged(self._project, self._stamps)
            self._pairs = [name for name in self._pairs if name not in self._unchanged]

    @property
    def _is_cut(self) -> bool:
        """Whether the run ended with the first case that disagrees."""
        return self._choice.stops and not all(result.agrees for result in self._results)

    def _tell(self, said: str | Row) -> None:
        """Show what a quiet run leaves out."""
        if self._options.shown > QUIET:
            self._screen.say(said)

    def _write(self, complete: bool, problem: str) -> None:
        """Write the results so far; what is there before the run says whether that can be."""
        seconds = time.monotonic() - self._start
        results, found = self._results, self._explained
        if self._options.json is not None:
            with writing(self._options.json, problem):
                machine = self._machine
                write_json(self._options.json, results, machine, seconds, complete, found)
        if self._options.markdown is not None:
            with writing(self._options.markdown, problem):
                text = markdown_text(results, found, self._machine, seconds, complete)
                self._options.markdown.write_text(text, encoding="utf-8", errors="replace")
        if self._options.html is not None:
            with writing(self._options.html, problem):
                write_page(self._options.html, self._page(complete))

    def _page(self, complete: bool) -> str:
        pairs = [
            pair_data(result, self._explained.get(result.pair), self._reached.get(result.pair))
            for result in self._results
        ]
        about = [doctor.one_line(self._machine)] if self._machine else []
        if self._results:
            seconds = time.monotonic() - self._start
            about += total_text(self._results, seconds).splitlines()[:-1]
        return page_html(headline(self._results, complete), pairs, self._traces, about)

    def _check_chosen(self) -> None:
        if self._pairs and not self._results and self._choice.patterns:
            patterns = ", ".join(repr(one) for one in self._choice.patterns)
            raise ProjectError(f"no case of {', '.join(self._pairs)} fits --case {patterns}")

    def _remember(self) -> None:
        """Keep which cases disagree, for --lf, and which pairs agree, for --changed."""
        ran: dict[str, list[str]] = {}
        failed: dict[str, list[str]] = {}
        for result in self._results:
            pair = result.pair.split(" [")[0]
            ran.setdefault(pair, []).extend(case.case for case in result.cases)
            if not result.agrees:
                bad = [case.case for case in result.cases if not case.agrees]
                failed.setdefault(pair, []).extend(bad)
        whole = not (self._is_cut or self._choice.patterns or self._choice.only is not None)
        agreed = {name: name not in failed for name in ran if whole or name in failed}
        try:
            remember_failed(self._project, ran, failed)
            remember_agreed(self._project, self._stamps, agreed)
        except OSError as error:
            Screen(sys.stderr).say(f"not remembered for --lf and --changed: {error}")

    def _compare(self, both: Supervisor, make: Callable[[], Supervisor]) -> None:
        """Compare pair by pair, printing each line as it is known."""
        table = RunTable(self._pairs, both.said)
        self._tell(table.head())
        for found in self._compared(both, make):
            self._progress.clear()
            self._results += found
            for result in found:
                self._tell(table.pair(result, self._reached.get(result.pair, 1.0)))
                for case in result.cases if self._options.shown == VERBOSE else ():
                    self._tell(table.case(case))
            if self._is_cut:
                return

    def _compared(
        self, both: Supervisor, make: Callable[[], Supervisor]
    ) -> Iterator[list[PairResult]]:
        jobs = 1 if self._options.in_process else self._options.jobs
        if self._options.scheduler:
            yield from on_cluster(
                self._options.scheduler,
                self._pairs,
                both,
                self._machine,
                self._progress,
                self._choice,
            )
        elif jobs == 1:
            for pair in self._pairs:
                yield both.run_pair(pair, self._progress.of(pair), self._choice)
                self._progress.ended(pair)
        else:
            yield from several(self._pairs, both, make, jobs, self._progress, self._choice)

    def _reports(self, both: Supervisor | None) -> Iterator[str]:
        """Yield the report of each case that disagrees; one of each pair is explained."""
        for result in self._results[self._reported :]:
            if result.problem and self._options.shown == QUIET:  # the table has it otherwise
                yield f"{result.pair}: {result.verdict}; {result.problem.splitlines()[0]}"
            bad = [case for case in result.cases if not case.agrees]
            shown = sorted(bad[:SHOWN_CASES], key=lambda case: case.endless)
            explained = next((case for case in shown if case.may_be_explained), None)
            for case in bad[:SHOWN_CASES]:
                said = ""
                if both is not None and result.pair in self._pairs and case is explained:
                    said = self._explanation(both, case)
                yield self._report(case, said)
            if len(bad) > SHOWN_CASES and self._options.shown > QUIET:
                yield f"\n{result.pair}: {len(bad) - SHOWN_CASES} more cases disagree"
            self._reported += 1

    def _explanation(self, both: Supervisor, case: CaseResult) -> str:
        self._progress.show(f"{case.pair}: tracing {case.case!r}")
        both.told = lambda doing: self._progress.show(f"{case.pair}: {doing}")
        found = both.explain(case.pair, case.case)
        if found.found is not None:
            self._explained[case.pair] = found.found
            if self._options.html is not None:
                self._trace(both, case.pair, found.found)
        self._progress.clear()
        return found.text

    def _trace(self, both: Supervisor, pair: str, found: Explained) -> None:
        """Trace the case that was looked at, for the page; where that cannot be, it has none."""
        if not found.case:
            return
        with contextlib.suppress(ProjectError):
            traced = both.trace(pair, found.case, found=found.finding, with_page=True)
            if traced.trace is not None:
                self._traces.append(traced.trace)

    def _report(self, case: CaseResult, explanation: str) -> str:
        if self._options.shown == QUIET:
            return failure_line(case, self._explained.get(case.pair) if explanation else None)
        return f"\n{failure_text(case)}\n{explanation}".rstrip()

    def _stopped(self) -> None:
        """Save what is known when the run is stopped."""
        with contextlib.suppress(ProjectError):
            self._write(complete=False, problem="")
        if self._results:
            with contextlib.suppress(OSError):
                for text in self._reports(None):
                    self._screen.say(text)
                count = len({result.pair.split(" [")[0] for result in self._results})
                above = f"the {count} pairs above were" if count > 1 else "the pair above was"
                Screen(sys.stderr).say(f"\nstopped; {above} compared")

    def _print_end(self) -> None:
        if self._options.shown == QUIET:
            self._screen.say(total_text(self._results, self._seconds).splitlines()[-1])
            if not self._results:
                self._print_missing()
        else:
            self._screen.say(f"\n{total_text(self._results, self._seconds)}")
            self._print_missing()
        self._print_unchanged()
        if self._is_cut:
            self._screen.say("stopped at the first case that disagrees (-x)")
        if self._options.github:
            for line in annotations(self._results, self._explained):
                self._screen.say(line)
            self._summarise()

    def _print_unchanged(self) -> None:
        """Say what --changed left out, and what it never leaves out."""
        if self._unchanged:
            names = ", ".join(self._unchanged)
            self._screen.say(f"not run, nothing changed since all their cases agreed: {names}")
        if self._beyond:
            names = ", ".join(f"{name} ({what})" for name, what in self._beyond.items())
            self._screen.say(f"run in any case, they may look beyond the project: {names}")

    def _print_missing(self) -> None:
        missing = self._missing
        caseless = [name for name, what in missing.items() if what.startswith("no cases")]
        if len(caseless) > SHOWN_CASES or (caseless and not self._project.cases.is_dir()):
            folder = self._project.cases
            there = "" if folder.is_dir() else " (there is no such folder)"
            self._screen.say(f"not compared, no cases in {folder}{there}: {', '.join(caseless)}")
            missing = {name: what for name, what in missing.items() if name not in caseless}
        for name, what in missing.items():
            self._screen.say(f"not compared, {name}: {what}")
        unported = self._project.unported()
        if unported and not self._names:
            self._screen.say(f"not compared, no Python port yet: {', '.join(unported)}")

    def _summarise(self) -> None:
        """Add the summary to that of the job, where GitHub says where that is."""
        file = os.environ.get("GITHUB_STEP_SUMMARY")
        if not file:
            return
        text = markdown_text(
            self._results, self._explained, self._machine, self._seconds, not self._is_cut
        )
        with (
            writing(Path(file), "the summary could not be written to"),
            Path(file).open("a", encoding="utf-8", errors="replace") as summary,
        ):
            summary.write(text)


@contextlib.contextmanager
def writing(file: Path, problem: str) -> Iterator[None]:
    """Say in one line why a file cannot be written."""
    if not file.absolute().parent.is_dir():
        raise ProjectError(f"cannot write {file}: its folder does not exist")
    try:
        yield
    except OSError as error:
        raise ProjectError(f"{problem} {file}: {os.strerror(error.errno or 0)}") from None
