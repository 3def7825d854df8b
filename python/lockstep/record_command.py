"""`lockstep record`: keeps what the engine gives, so that it need not be there the next time.

May import all folders before it in the line of `lockstep/__init__.py`, and `supervisor`.
"""

import argparse
import contextlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from lockstep.engine_process import EngineError
from lockstep.model.phases import Phase
from lockstep.oracles.recorder import OUTPUTS, TRACES, Limits, Written
from lockstep.project.cases import CasesError
from lockstep.project.pairs import Project, ProjectError
from lockstep.project_options import progress_of
from lockstep.reports.text import counted
from lockstep.sides.octave import OctaveNotFoundError
from lockstep.supervisor import Supervisor
from lockstep.terminal.progress import Progress
from lockstep.terminal.screen import Screen
from lockstep.terminal.tables import Column, Columns

DONE, INCOMPLETE = 0, 1
"""Exit statuses: every case was recorded, or left out for its size; not all."""

NOT_RECORDED = (ProjectError, CasesError, OctaveNotFoundError)
"""Errors of a case after which the engine still holds what it recorded before."""

MEGABYTE = 2**20


def add_record_command(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]",
    add_project: Callable[[argparse.ArgumentParser], None],
    find: Callable[[argparse.Namespace], Project],
) -> None:
    """Add the command.

    Parameters
    ----------
    commands : argparse's subparsers
        What it is added to.
    add_project : callable
        Adds the options that name a project.
    find : callable
        Returns the project that they name.
    """
    command = commands.add_parser(
        "record",
        help="keep what Octave gives, for runs without Octave",
        description="Runs the Octave side of every case of every pair, or of those named, and "
        "keeps outputs, errors and traces in the folder of recordings, one .json and one .npz for "
        "each pair. lockstep run --oracle recorded then needs no Octave. Exit status: 0 if every "
        "case was recorded, or left out for its size; 1 if not, 2 if it could not run.",
    )
    command.add_argument("names", nargs="*", metavar="NAME", help="pairs (default: all)")
    for what, most, of in (
        ("outputs", OUTPUTS, "outputs of a case that are larger are left out, and this is said"),
        ("traces", TRACES, "about what a pair's traces may take in the file; the largest go first"),
    ):
        command.add_argument(
            f"--{what}",
            type=_megabytes,
            default=most,
            metavar="MB",
            help=f"{of} (default: {most / MEGABYTE:g})",
        )
    add_project(command)

    def run(options: argparse.Namespace) -> int:
        limits = Limits(options.outputs, options.traces)
        progress = progress_of(options)
        complete = record(find(options), options.names, limits, options.timeout, progress)
        return DONE if complete else INCOMPLETE

    command.set_defaults(command=run)


def _megabytes(text: str) -> int:
    with contextlib.suppress(ValueError, OverflowError):
        size = int(float(text) * MEGABYTE)
        if size >= 0:
            return size
    raise argparse.ArgumentTypeError(f"not a number of megabytes: {text!r}")


def record(
    project: Project,
    names: Sequence[str],
    limits: Limits,
    timeout: float | None,
    progress: Progress,
) -> bool:
    """Record pairs, print a line for each, and return whether every case was recorded.

    Parameters
    ----------
    project : Project
        The Octave side, live, and the cases; the port need not be there.
    names : sequence of str
        Pairs; all that have cases where none is named.
    limits : Limits
        How much is kept.
    timeout : float or None
        Seconds that each call may take.
    progress : Progress
        Where to show what is being done.

    Raises
    ------
    ProjectError
        If a name is unknown, or no pair has cases.
    OctaveNotFoundError
        If there is no engine.
    """
    asked = [project.pair(name) for name in names] or project.pairs()
    pairs = [pair.name for pair in asked if project.cases_file(pair).is_file()]
    without = [pair for pair in asked if pair.name not in pairs]
    if without and names:
        raise ProjectError(
            f"{without[0].name} has no cases: write {project.cases_file(without[0])}"
        )
    if not pairs:
        raise ProjectError(f"no pair has cases in {project.cases}")
    screen = Screen()
    total, complete = 0, True
    with Supervisor(project, timeout) as engine:
        engine.machine()
        folder = project.recordings_folder
        columns = _columns(folder)
        screen.say(columns.head())
        for name in pairs:
            try:
                written, lost = _recorded(engine, name, limits, progress)
            except (*NOT_RECORDED, EngineError) as error:
                progress.ended(name)
                progress.clear()
                screen.say(f"{name:<24} not recorded: {error}")
                complete = False
                continue
            progress.ended(name)
            progress.clear()
            total += written.bytes
            complete = complete and not lost
            size = f"{written.bytes / 1024:,.0f} KB"
            same = "as it was" if written.unchanged else ""
            screen.say(columns.row(name, written.cases, written.traces, size, same))
            for text in _notes(written, lost):
                screen.say(f"  {text}")
    screen.say(f"{total / MEGABYTE:.1f} MB in all")
    return complete


def _columns(folder: Path) -> Columns:
    return Columns(
        [
            Column("pair", 24, gap=0),
            Column("cases", 5, right=True, gap=1),
            Column("traced", 6, right=True),
            Column("size", 8, right=True),
            Column(f"in {folder}", 9),
        ]
    )


def _recorded(
    engine: Supervisor, pair: str, limits: Limits, progress: Progress
) -> tuple[Written, dict[str, str]]:
    """Record a pair; with an engine that ends goes what it had recorded, so that all begins anew.

    The case that it was at is then not traced or, if it was not its trace that ended the engine,
    not recorded.
    """
    cases = list(engine.listing(pair))
    told = progress.of(pair)
    recorded: set[str] = set()
    untraced: dict[str, str] = {}
    lost: dict[str, str] = {}
    while left := [case for case in cases if case not in recorded | lost.keys()]:
        case = left[0]
        told(len(cases) - len(left) + 1, len(cases), case)
        try:
            engine.record_case(pair, case, limits, untraced.get(case, ""))
            recorded.add(case)
        except NOT_RECORDED as error:
            lost[case] = str(error)
        except EngineError as error:
            recorded.clear()
            traced = error.phase is Phase.EXPLAIN and case not in untraced
            (untraced if traced else lost)[case] = str(error)
    progress.show(f"{pair}: writing")
    return engine.write_recording(pair), lost


def _notes(written: Written, lost: Mapping[str, str]) -> Iterator[str]:
    """Say what is not in a recording."""
    for case, why in written.left_out.items():
        yield f"case {case!r} is left out: {why}"
    for case, why in lost.items():
        yield f"case {case!r} is not recorded: {why}"
    if written.dropped:
        yield (
            "gone with the recording before, which no longer held: "
            f"{counted(written.dropped, 'call')} of tests; "
            "pytest --lockstep-record records them again"
        )
