"""The command `lockstep coverage`: what the cases of each pair reach, and what they miss.

May import all folders before it in the line of `lockstep/__init__.py`, and `supervisor`.
"""

import sys
from collections.abc import Sequence

from lockstep.covering import PairReach
from lockstep.engine_process import EngineError
from lockstep.project.cases import CasesError
from lockstep.project.memory import remember_shares
from lockstep.project.pairs import Project, ProjectError
from lockstep.reports.coverage_text import coverage_table, missed_text
from lockstep.supervisor import Supervisor
from lockstep.terminal.progress import Progress
from lockstep.terminal.screen import Screen


def coverage(
    project: Project, names: Sequence[str], timeout: float | None, progress: Progress
) -> None:
    """Measure pairs, print what was found, and remember it for the table of a run.

    Parameters
    ----------
    project : Project
        The two sides and the cases.
    names : sequence of str
        Pairs; all that have cases where none is named.
    timeout : float or None
        Seconds that each side of a case may take.
    progress : Progress
        Where to show what is being done.

    Raises
    ------
    ProjectError
        If a name is unknown, or no pair can be measured.
    OctaveNotFoundError
        If there is no Octave.
    """
    pairs = [project.pair(name) for name in names] or project.pairs()
    missing = {pair.name: what for pair in pairs if (what := project.missing(pair))}
    measured = [pair.name for pair in pairs if pair.name not in missing]
    found = _measured(project, measured, timeout, progress)
    screen = Screen()
    for row in coverage_table(found):
        screen.say(row)
    for one in found:
        text = missed_text(one)
        if text:
            screen.say(f"\n{text}")
    for name, what in missing.items() if names else ():
        screen.say(f"\n{name}: {what}")
    if not found:
        raise ProjectError("no pair has cases and a port")
    counted = {one.pair: one.share for one in found if one.octave or one.port}
    try:
        remember_shares(project, counted)
    except OSError as error:
        Screen(sys.stderr).say(f"\nnot remembered for lockstep run: {error}")


def _measured(
    project: Project, names: Sequence[str], timeout: float | None, progress: Progress
) -> list[PairReach]:
    found = []
    with Supervisor(project, timeout) as both:
        for name in names:
            try:
                found.append(both.cover(name, progress.of(name)))
            except (ProjectError, CasesError, EngineError) as error:
                found.append(PairReach(name, notes=(str(error),)))
            finally:
                progress.ended(name)
                progress.clear()
    return found
