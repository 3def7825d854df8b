"""`lockstep run`: every pair compared, each line and each report printed as soon as it is known.

May import all folders before it in the line of `lockstep/__init__.py`, and `supervisor`.
"""

import contextlib
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from lockstep import doctor
from lockstep.compare.case_result import PairResult
from lockstep.project.memory import known_shares
from lockstep.project.pairs import Project, ProjectError
from lockstep.reports.json_file import write_json
from lockstep.reports.progress import Progress
from lockstep.reports.text import failure_text, table_header, table_line, total_text
from lockstep.several import several
from lockstep.supervisor import Supervisor

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
    json : Path or None
        File to write the results to.
    timeout : float or None
        Seconds that each side of a case may take.
    strict : bool
        Whether a pair without cases or port counts as one that disagrees.

    Raises
    ------
    ProjectError
        If a name is unknown, or the file cannot be written.
    """

    def __init__(
        self,
        project: Project,
        names: Sequence[str],
        json: Path | None,
        timeout: float | None,
        strict: bool = False,
    ) -> None:
        self._project = project
        self._names = names
        self._strict = strict
        asked = [project.pair(name) for name in names] or project.pairs()
        lacks = {pair.name: project.missing(pair) for pair in asked}
        self._missing = {name: what for name, what in lacks.items() if what}
        self._pairs = [name for name, what in lacks.items() if not what]
        self._reached = known_shares(project, self._pairs)
        self._json = json
        self._timeout = timeout
        self._results: list[PairResult] = []
        self._machine: dict[str, str] = {}
        self._start = time.monotonic()
        self._reported = 0
        self._progress = Progress(sys.stderr)

    def carried_out(self, jobs: int, in_process: bool) -> bool:
        """Compare, print, and return whether all agreed.

        Parameters
        ----------
        jobs : int
            How many pairs are compared at a time.
        in_process : bool
            Whether the port runs in this process.
        """
        self._write(complete=False, problem="cannot write")
        complete = False

        def make() -> Supervisor:
            return Supervisor(self._project, self._timeout, in_process)

        with make() as both:
            try:
                self._machine = both.machine()
                print(doctor.one_line(self._machine), flush=True)
                self._compare(both, make, 1 if in_process else jobs)
                for text in self._reports(both):
                    print(f"\n{text}", flush=True)
                complete = True
            finally:
                self._seconds = time.monotonic() - self._start
                if not complete:
                    self._progress.clear()
                    self._stopped()
        self._write(complete=True, problem="the results above could not be written to")
        self._print_end()
        lacking = self._missing or any(result.left_out for result in self._results)
        if not self._results or (self._strict and lacking):
            return False
        return all(result.agrees for result in self._results)

    def _write(self, complete: bool, problem: str) -> None:
        """Write the results so far; what is there before the run says whether that can be."""
        if self._json is None:
            return
        if not self._json.absolute().parent.is_dir():
            raise ProjectError(f"cannot write {self._json}: its folder does not exist")
        seconds = time.monotonic() - self._start
        try:
            write_json(self._json, self._results, self._machine, seconds, complete)
        except OSError as error:
            raise ProjectError(f"{problem} {self._json}: {os.strerror(error.errno or 0)}") from None

    def _compare(self, both: Supervisor, make: Callable[[], Supervisor], jobs: int) -> None:
        """Compare pair by pair, printing each line as it is known."""
        print(table_header(self._pairs, both.said), flush=True)
        for found in self._compared(both, make, jobs):
            self._progress.clear()
            self._results += found
            for result in found:
                reached = self._reached.get(result.pair, 1.0)
                print(table_line(result, self._pairs, _has_colours(), reached), flush=True)

    def _compared(
        self, both: Supervisor, make: Callable[[], Supervisor], jobs: int
    ) -> Iterator[list[PairResult]]:
        if jobs == 1 or len(self._pairs) == 1:
            for pair in self._pairs:
                yield both.run_pair(pair, self._progress.of(pair))
        else:
            yield from several(self._pairs, both, make, min(jobs, len(self._pairs)), self._progress)

    def _reports(self, both: Supervisor | None) -> Iterator[str]:
        """Yield the report of each case that disagrees; one of each pair is explained."""
        for result in self._results[self._reported :]:
            bad = [case for case in result.cases if not case.agrees]
            explained = next((case for case in bad[:SHOWN_CASES] if not case.dead), None)
            for case in bad[:SHOWN_CASES]:
                text = failure_text(case)
                if both is not None and result.pair in self._pairs and case is explained:
                    self._progress.show(f"{result.pair}: tracing {case.case!r}")
                    text += f"\n{both.explain(result.pair, case.case)}".rstrip()
                    self._progress.clear()
                yield text
            if len(bad) > SHOWN_CASES:
                yield f"{result.pair}: {len(bad) - SHOWN_CASES} more cases disagree"
            self._reported += 1

    def _stopped(self) -> None:
        """Save what is known when the run is stopped."""
        with contextlib.suppress(ProjectError):
            self._write(complete=False, problem="")
        if self._results:
            with contextlib.suppress(OSError):
                for text in self._reports(None):
                    print(f"\n{text}")
                sys.stdout.flush()
                count = len({result.pair.split(" [")[0] for result in self._results})
                above = f"the {count} pairs above were" if count > 1 else "the pair above was"
                print(f"\nstopped; {above} compared", file=sys.stderr)

    def _print_end(self) -> None:
        print(f"\n{total_text(self._results, self._seconds)}")
        missing = self._missing
        caseless = [name for name, what in missing.items() if what.startswith("no cases")]
        if len(caseless) > SHOWN_CASES:
            print(f"not compared, no cases in {self._project.cases}: {', '.join(caseless)}")
            missing = {name: what for name, what in missing.items() if name not in caseless}
        for name, what in missing.items():
            print(f"not compared, {name}: {what}")
        unported = self._project.unported()
        if unported and not self._names:
            print(f"not compared, no Python port yet: {', '.join(unported)}")


def _has_colours() -> bool:
    """Whether the table may be coloured; see https://no-color.org."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR")
