"""The options of a command that name a project, and the project that they name.

May import `model`, `project` and `terminal`.
"""

import argparse
import sys

from lockstep.model.identity import ENGINES, LIVE, ORACLES
from lockstep.model.phases import LIMIT
from lockstep.project.pairs import Project, find_project
from lockstep.terminal.progress import Progress


def add_project(command: argparse.ArgumentParser) -> None:
    """Add the folders, and how long a case may take."""
    command.add_argument(
        "--octave",
        metavar="DIR",
        action="append",
        help="folder of the .m files; may be given several times, the first goes first",
    )
    command.add_argument(
        "--port", metavar="NAME", help="Python package, module, file or folder of the port"
    )
    command.add_argument("--cases", metavar="DIR", help="folder of the cases files NAME.py")
    command.add_argument(
        "--timeout",
        type=_seconds,
        metavar="SECONDS",
        help="how long each side of a case may take, and twice that an explanation "
        f"(default: that of [tool.lockstep], else {LIMIT:g})",
    )
    command.add_argument(
        "--in-process",
        action="store_true",
        help="run the port in this process, for a debugger; its time is not limited then",
    )
    command.add_argument(
        "--no-progress", action="store_true", help="show no bars, on a terminal either"
    )


def add_engine(command: argparse.ArgumentParser) -> None:
    """Add what runs the .m files."""
    command.add_argument(
        "--engine",
        choices=ENGINES,
        help="what runs the .m files (default: that of [tool.lockstep], else octave)",
    )


def add_recorded_project(command: argparse.ArgumentParser) -> None:
    """Add the project, its engine, and where its recordings are."""
    add_project(command)
    command.add_argument(
        "--recordings",
        metavar="DIR",
        help="folder of the recordings (default: recordings, beside the folder of the cases)",
    )
    add_engine(command)


def add_compared_project(command: argparse.ArgumentParser) -> None:
    """Add the same, and whether Octave's values are live or recorded."""
    add_recorded_project(command)
    command.add_argument(
        "--oracle",
        choices=ORACLES,
        help="where Octave's values come from: a live Octave, recordings, or recordings where "
        "there is no Octave (default: that of [tool.lockstep], else live)",
    )


def project_of(options: argparse.Namespace) -> Project:
    """Find the project that the options of a command name.

    Raises
    ------
    ProjectError
        If there is none, or something is wrong with it.
    """
    return find_project(
        octave=options.octave,
        port=options.port,
        cases=options.cases,
        engine=getattr(options, "engine", None),
        oracle=getattr(options, "oracle", LIVE),  # without the option a command needs an engine
        recordings=getattr(options, "recordings", None),
    )


def progress_of(options: argparse.Namespace) -> Progress:
    """Return what shows what is being done, on standard error."""
    return Progress(sys.stderr, wanted=not options.no_progress)


def _seconds(text: str) -> float:
    seconds = float(text)
    if not 0 < seconds < float("inf"):
        raise ValueError
    return seconds
