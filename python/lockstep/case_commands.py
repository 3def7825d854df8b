"""The commands that look after cases: parse, call, print. `lockstep.cli` has the others.

May import everything but `cli`; only this imports it.
"""

import argparse
import contextlib
import math
import sys
import time
from collections.abc import Callable
from pathlib import Path

from lockstep.capture_command import capture
from lockstep.coverage_command import coverage
from lockstep.fuzz_command import SECONDS, Fuzz
from lockstep.init_command import init
from lockstep.project.captured import MOST_BYTES, MOST_CASES
from lockstep.project.pairs import Project
from lockstep.project_options import progress_of
from lockstep.terminal.screen import Screen
from lockstep.terminal.visible import visible

DONE, NOT = 0, 1
"""Exit statuses: all went as it should; or no case was captured, or inputs fail."""

Find = Callable[[argparse.Namespace], Project]


def add_case_commands(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]",
    add_project: Callable[[argparse.ArgumentParser], None],
    find: Find,
) -> None:
    """Add the commands.

    Parameters
    ----------
    commands : argparse's subparsers
        What they are added to.
    add_project : callable
        Adds the options that name a project.
    find : callable
        Returns the project that they name.
    """
    _add_init(commands, add_project)
    _add_capture(commands, add_project, find)
    _add_fuzz(commands, add_project, find)
    _add_coverage(commands, add_project, find)


def _add_init(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]",
    add_project: Callable[[argparse.ArgumentParser], None],
) -> None:
    command = commands.add_parser(
        "init",
        help="propose pairs; write settings and first cases",
        description="Proposes which .m files and Python functions belong together, writes "
        "[tool.lockstep] to pyproject.toml, and a cases file for each pair out of the tests, demos "
        "and examples of its .m file. Exit status: 0 if there are pairs, 2 if not.",
    )
    command.add_argument("--yes", action="store_true", help="overwrite what is there, unasked")
    add_project(command)
    command.set_defaults(command=_init)


def _init(options: argparse.Namespace) -> int:
    ask = _asked(options)
    init(Path.cwd(), options.octave, options.port, options.cases, ask, Screen().say)
    return DONE


def _asked(options: argparse.Namespace) -> Callable[[str], bool]:
    """Return what answers whether a file may be overwritten: --yes, or the person."""

    def ask(question: str) -> bool:
        if options.yes or not sys.stdin.isatty():
            return bool(options.yes)
        return input(f"{visible(question)} [y/N] ").strip().lower() in ("y", "yes")

    return ask


def _add_capture(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]",
    add_project: Callable[[argparse.ArgumentParser], None],
    find: Find,
) -> None:
    command = commands.add_parser(
        "capture",
        help="make cases of the calls in a script of yours",
        description="Runs a script in Octave, in its own folder, and keeps the arguments of the "
        "calls of pairs that it makes, those first that differ most in shape and branch: at most "
        f"{MOST_CASES} cases and {MOST_BYTES // 2**20} MB a pair, in NAME.captured.npz beside the "
        "cases file NAME.py, which need not mention them. A script that is interrupted, by Ctrl-C "
        "or after --timeout, keeps what was seen until then. Exit status: 0 if there are cases, 1 "
        "if there are none, 2 if it could not run.",
    )
    command.add_argument("script", type=Path, metavar="SCRIPT.m", help="the script")
    command.add_argument(
        "names", nargs="*", default=[], metavar="NAME", help="pairs (default: all)"
    )
    command.add_argument("--yes", action="store_true", help="replace what is there, unasked")
    add_project(command)

    def run(options: argparse.Namespace) -> int:
        any_kept = capture(
            find(options),
            options.script,
            options.names,
            options.timeout,
            _asked(options),
            progress_of(options),
            Screen().say,
        )
        return DONE if any_kept else NOT

    command.set_defaults(command=run)


def _add_fuzz(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]",
    add_project: Callable[[argparse.ArgumentParser], None],
    find: Find,
) -> None:
    command = commands.add_parser(
        "fuzz",
        help="make up inputs like those of the cases, and try them",
        description="Draws inputs after the cases of a pair (their classes, sizes and how these "
        "hang together, ranges, whole or sorted numbers), plants what breaks ports (NaN, Inf, "
        "halves, ties, empties, other shapes), and calls both sides with them. What they disagree "
        "on is made small and printed as a case to paste; it is tried first the next time. That "
        "both raise an error counts as agreement, whatever they say. Exit status: 0 if nothing was "
        "found, 1 if something was, 2 if it could not run.",
    )
    command.add_argument("name", metavar="NAME", help="the pair")
    command.add_argument(
        "--seconds",
        type=_seconds,
        default=SECONDS,
        metavar="N",
        help="how long to search (default: %(default)g)",
    )
    command.add_argument(
        "--seed", type=int, metavar="N", help="what the inputs are drawn from (default: the time)"
    )
    add_project(command)

    def run(options: argparse.Namespace) -> int:
        project = find(options)
        seed = time.time_ns() % 10**9 if options.seed is None else options.seed
        pair = project.pair(options.name)
        progress = progress_of(options)
        search = Fuzz(project, pair, options.seconds, seed, options.timeout, progress)
        return DONE if search.searched(Screen().say) else NOT

    command.set_defaults(command=run)


def _seconds(text: str) -> float:
    with contextlib.suppress(ValueError):
        if 0 <= float(text) < math.inf:
            return float(text)
    raise argparse.ArgumentTypeError(f"{text!r} is no number of seconds from 0 on")


def _add_coverage(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]",
    add_project: Callable[[argparse.ArgumentParser], None],
    find: Find,
) -> None:
    command = commands.add_parser(
        "coverage",
        help="say which lines and branches the cases reach",
        description="Calls both sides of every pair, or of those named, with all cases, and says "
        "which lines and branches of the .m file and of the port these reach. A line counts that "
        "holds a statement; a branch is a way that a condition can go. lockstep run marks the "
        "pairs whose cases were found to reach less than all, as long as their files stay as they "
        "are. Exit status: 0, or 2 if it could not run.",
    )
    command.add_argument("names", nargs="*", metavar="NAME", help="pairs (default: all)")
    add_project(command)

    def run(options: argparse.Namespace) -> int:
        coverage(find(options), options.names, options.timeout, progress_of(options))
        return DONE

    command.set_defaults(command=run)
