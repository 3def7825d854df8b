"""The command `lockstep`: parse, call, print.

May import everything of the package; nothing imports it.
"""

import argparse
import signal
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from types import FrameType
from typing import TextIO

from lockstep import doctor
from lockstep.octave import OctaveNotFoundError
from lockstep.pairs import Pair, Project, ProjectError, find_project
from lockstep.report.json_file import write_json
from lockstep.report.text import failure_text, table_header, table_line, total_text
from lockstep.runner import PairResult, Runner

AGREED, DISAGREED, UNUSABLE, INTERRUPTED = 0, 1, 2, 130
"""Exit statuses: all agreed; not all; could not run (no Octave, a wrong name); Ctrl-C."""

ERASE_LINE = "\r\x1b[K"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return the exit status."""
    options = _parser().parse_args(arguments)
    signal.signal(signal.SIGTERM, _leave)
    try:
        return int(options.command(options))
    except (ProjectError, OctaveNotFoundError) as error:
        print(f"lockstep: {error}", file=sys.stderr)
        return UNUSABLE
    except KeyboardInterrupt:
        print("\nlockstep: interrupted", file=sys.stderr)
        return INTERRUPTED


def _leave(number: int, frame: FrameType | None) -> None:
    """End on SIGTERM as on an exception, so that Octave is ended and files are removed."""
    sys.exit(128 + number)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="lockstep",
        description="Runs Octave code and its Python port side by side and diffs them.",
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    run = commands.add_parser(
        "run",
        help="compare every pair, or those named",
        description="Compares every pair, or those named. Exit status: 0 if all agreed, 1 if not, "
        "2 if it could not run, 130 after Ctrl-C.",
    )
    run.add_argument("names", nargs="*", metavar="NAME", help="pairs to compare (default: all)")
    run.add_argument("--json", type=Path, metavar="FILE", help="also write the results as JSON")
    run.add_argument("--octave", metavar="DIR", help="folder of the .m files")
    run.add_argument("--port", metavar="NAME", help="Python package or folder of the port")
    run.add_argument("--cases", metavar="DIR", help="folder of the cases files NAME.py")
    run.set_defaults(command=_run)
    check_up = commands.add_parser(
        "doctor",
        help="say what was found; install Octave",
        description="Says which Octave, BLAS and Python packages were found. Exit status: 0 if "
        "Octave runs, 2 if not.",
    )
    check_up.add_argument(
        "--install",
        action="store_true",
        help="install Octave with the system's package manager, if it is missing",
    )
    check_up.set_defaults(command=_doctor)
    return parser


def _run(options: argparse.Namespace) -> int:
    project = find_project(octave=options.octave, port=options.port, cases=options.cases)
    pairs = [project.pair(name) for name in options.names] or project.pairs()
    if options.json and not options.json.absolute().parent.is_dir():
        raise ProjectError(f"cannot write {options.json}: its folder does not exist")
    start, complete = time.monotonic(), False
    results: list[PairResult] = []
    machine: dict[str, str] = {}
    with Runner(project) as runner:
        try:
            machine = doctor.findings(runner.octave)
            print(doctor.one_line(machine))
            _compare(runner, pairs, results)
            complete = True
        finally:
            runner.close()
            seconds = time.monotonic() - start
            if options.json and machine:
                write_json(options.json, results, machine, seconds, complete)
            if not complete and results:
                print(f"\nstopped; the {len(results)} pairs above were compared", file=sys.stderr)
    _print_end(project, options.names, results, seconds)
    agreed = bool(results) and all(result.verdict.agrees for result in results)
    return AGREED if agreed else DISAGREED


def _compare(runner: Runner, pairs: Sequence[Pair], results: list[PairResult]) -> None:
    """Compare pair by pair, printing each line as it is known."""
    names = [pair.name for pair in pairs]
    progress = _Progress(sys.stderr)
    print(table_header(names), flush=True)
    for pair in pairs:
        found = runner.run_pair(pair, progress.of(pair.name))
        progress.clear()
        results += found
        for result in found:
            print(table_line(result, names, colour=sys.stdout.isatty()), flush=True)


def _print_end(
    project: Project, names: Sequence[str], results: Sequence[PairResult], seconds: float
) -> None:
    for result in results:
        for case in result.cases:
            if not case.verdict.agrees:
                print(f"\n{failure_text(case)}")
    print(f"\n{total_text(results, seconds)}")
    unported = project.unported()
    if unported and not names:
        print(f"not compared, no Python port yet: {', '.join(unported)}")


class _Progress:
    """One line on a terminal that says which case is running; nothing elsewhere."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._shown = stream.isatty()

    def of(self, pair: str) -> "_PairProgress":
        return _PairProgress(self, pair)

    def show(self, text: str) -> None:
        if self._shown:
            print(f"{ERASE_LINE}{text}", end="", file=self._stream, flush=True)

    def clear(self) -> None:
        self.show("")


class _PairProgress:
    def __init__(self, progress: _Progress, pair: str) -> None:
        self._progress = progress
        self._pair = pair

    def __call__(self, done: int, total: int, case: str) -> None:
        self._progress.show(f"{self._pair}: case {done} of {total}, {case}")


def _doctor(options: argparse.Namespace) -> int:
    if options.install:
        doctor.install()
    return AGREED if doctor.examine() else UNUSABLE
