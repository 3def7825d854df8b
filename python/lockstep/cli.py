"""The command `lockstep`: parse, call, print.

May import everything of the package; nothing imports it.
"""

import argparse
import os
import shutil
import signal
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from types import FrameType
from typing import TextIO

from lockstep import doctor
from lockstep.explain.finding import first_finding
from lockstep.init_command import init
from lockstep.project.cases import Case, CasesError
from lockstep.project.pairs import Pair, Project, ProjectError, find_project
from lockstep.reports.json_file import write_json
from lockstep.reports.text import failure_text, table_header, table_line, total_text
from lockstep.reports.trace_text import SHOWN_ROWS, Selection, explanation_text, trace_text
from lockstep.runner import CaseResult, PairResult, Runner
from lockstep.sides.octave import OctaveError, OctaveNotFoundError
from lockstep.sides.port import PortError
from lockstep.sources.port_source import SourceError

AGREED, DISAGREED, UNUSABLE, INTERRUPTED = 0, 1, 2, 130
"""Exit statuses: all agreed; not all; could not run (no Octave, a wrong name); Ctrl-C."""

SHOWN_CASES = 5
"""Cases of one pair that are reported in full when they disagree."""

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
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # for Python's last flush
        return UNUSABLE
    except _Terminated:
        return 128 + signal.SIGTERM
    except KeyboardInterrupt:
        print("\nlockstep: interrupted", file=sys.stderr)
        return INTERRUPTED


class _Terminated(BaseException):
    """SIGTERM came; no SystemExit, which a port may raise and which is caught."""


def _leave(number: int, frame: FrameType | None) -> None:
    """End on SIGTERM as on an exception, so that Octave is ended and files are removed."""
    raise _Terminated


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
    run.add_argument(
        "--strict", action="store_true", help="fail where a pair has no cases or no port"
    )
    run.add_argument("--json", type=Path, metavar="FILE", help="also write the results as JSON")
    _add_project(run)
    run.set_defaults(command=_run)
    _add_trace(commands)
    first = commands.add_parser(
        "init",
        help="propose pairs; write settings and first cases",
        description="Proposes which .m files and Python functions belong together, writes "
        "[tool.lockstep] to pyproject.toml, and a cases file for each pair out of the tests, demos "
        "and examples of its .m file. Exit status: 0 if there are pairs, 2 if not.",
    )
    first.add_argument("--yes", action="store_true", help="overwrite what is there, unasked")
    _add_project(first)
    first.set_defaults(command=_init)
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


def _add_project(command: argparse.ArgumentParser) -> None:
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


def _add_trace(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    trace = commands.add_parser(
        "trace",
        help="compare one case statement by statement",
        description="Runs one case on both sides and compares what each statement bound, in "
        "unmodified source. Exit status: 0 if every statement agreed, 1 if not, 2 if it could not "
        "run.",
    )
    trace.add_argument("name", metavar="NAME", help="the pair")
    trace.add_argument(
        "--case", help="name of the case (default: the first that disagrees, else the first)"
    )
    trace.add_argument(
        "--force",
        action="store_true",
        help="start each Python statement from Octave's values: each is judged alone, and all "
        "that are wrong are found at once",
    )
    trace.add_argument(
        "--depth", type=int, default=0, metavar="N", help="follow N levels of calls of other pairs"
    )
    trace.add_argument(
        "--from", dest="first", type=int, metavar="LINE", help="from this .m line on"
    )
    trace.add_argument("--to", dest="last", type=int, metavar="LINE", help="up to this .m line")
    trace.add_argument("--only", metavar="VARIABLE", help="only what binds this variable")
    trace.add_argument(
        "--rows",
        type=int,
        default=SHOWN_ROWS,
        metavar="N",
        help="rows to show (default: %(default)s)",
    )
    _add_project(trace)
    trace.set_defaults(command=_trace)


def _trace(options: argparse.Namespace) -> int:
    project = find_project(octave=options.octave, port=options.port, cases=options.cases)
    pair = project.pair(options.name)
    progress = _Progress(sys.stderr)
    with Runner(project) as runner:
        name, case = _chosen_case(runner, pair, options.case, progress.of(pair.name))
        progress.show(f"{pair.name}: tracing {name!r}")
        try:
            comparison = runner.trace(pair, name, case, options.depth, options.force)
        except (SourceError, PortError, OctaveError) as error:
            raise ProjectError(f"{pair.name} cannot be traced: {error}") from error
        finally:
            progress.clear()
    print(f"{pair.name}, case {name!r}" + (", forced" if options.force else ""))
    selection = Selection(options.first, options.last, options.only, options.rows)
    print(trace_text(comparison, selection, shutil.get_terminal_size((132, 24)).columns))
    return AGREED if first_finding(comparison) is None else DISAGREED


def _chosen_case(
    runner: Runner, pair: Pair, wanted: str | None, progress: Callable[[int, int, str], None]
) -> tuple[str, Case]:
    """Return the case that is named, or the first that disagrees, or the first."""
    try:
        cases = runner.cases(pair).cases
    except CasesError as error:
        raise ProjectError(str(error)) from error
    if wanted is not None:
        if wanted not in cases:
            near = get_close_matches(wanted, cases) or list(cases)
            raise ProjectError(f"{pair.name} has no case {wanted!r}; it has {', '.join(near)}")
        return wanted, cases[wanted]
    for done, (name, case) in enumerate(cases.items(), start=1):
        progress(done, len(cases), name)
        if not runner.run_case(pair, name, case).verdict.agrees:
            return name, case
    return next(iter(cases.items()))


def _run(options: argparse.Namespace) -> int:
    project = find_project(octave=options.octave, port=options.port, cases=options.cases)
    asked = [project.pair(name) for name in options.names] or project.pairs()
    pairs = [pair for pair in asked if not project.missing(pair)]
    missing = {pair.name: project.missing(pair) for pair in asked if pair not in pairs}
    if options.json and not options.json.absolute().parent.is_dir():
        raise ProjectError(f"cannot write {options.json}: its folder does not exist")
    start, complete = time.monotonic(), False
    results: list[PairResult] = []
    failures: list[str] = []
    machine: dict[str, str] = {}
    with Runner(project) as runner:
        try:
            machine = doctor.findings(runner.octave)
            print(doctor.one_line(machine))
            _compare(runner, pairs, results)
            failures = _explained(runner, results)
            complete = True
        finally:
            runner.close()
            seconds = time.monotonic() - start
            if options.json and machine:
                write_json(options.json, results, machine, seconds, complete)
            if not complete and results:
                print(f"\nstopped; the {len(results)} pairs above were compared", file=sys.stderr)
    _print_end(project, options.names, results, failures, seconds, missing)
    agreed = bool(results) and all(result.verdict.agrees for result in results)
    agreed = agreed and not (options.strict and missing)
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


def _explained(runner: Runner, results: Sequence[PairResult]) -> list[str]:
    """Report the cases that disagree; the first of each pair is traced."""
    progress = _Progress(sys.stderr)
    texts = []
    for result in results:
        bad = [case for case in result.cases if not case.verdict.agrees]
        for i, case in enumerate(bad[:SHOWN_CASES]):
            progress.show(f"{result.pair}: tracing {case.case!r}")
            texts.append(
                f"{failure_text(case)}\n{_explanation(runner, case) if i == 0 else ''}".rstrip()
            )
        if len(bad) > SHOWN_CASES:
            texts.append(f"{result.pair}: {len(bad) - SHOWN_CASES} more cases disagree")
    progress.clear()
    return texts


def _explanation(runner: Runner, result: CaseResult) -> str:
    pair = runner.project.pair(result.pair.split(" [")[0])
    if result.pair != pair.name:
        return ""
    case = runner.cases(pair).cases.get(result.case)
    if case is None:
        return ""
    suggestion = runner.suggest(pair, result.case, case)
    text = f"  {suggestion.text}\n" if suggestion.text else ""
    if suggestion.explains:
        return text
    return text + explanation_text(runner.explain(pair, result.case, case), pair.name, result.case)


def _print_end(
    project: Project,
    names: Sequence[str],
    results: Sequence[PairResult],
    failures: Sequence[str],
    seconds: float,
    missing: Mapping[str, str],
) -> None:
    for text in failures:
        print(f"\n{text}")
    print(f"\n{total_text(results, seconds)}")
    caseless = [name for name, why in missing.items() if why.startswith("no cases")]
    if len(caseless) > SHOWN_CASES:
        print(f"not compared, no cases in {project.cases}: {', '.join(caseless)}")
        missing = {name: why for name, why in missing.items() if name not in caseless}
    for name, why in missing.items():
        print(f"not compared, {name}: {why}")
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


def _init(options: argparse.Namespace) -> int:
    def ask(question: str) -> bool:
        if options.yes or not sys.stdin.isatty():
            return bool(options.yes)
        return input(f"{question} [y/N] ").strip().lower() in ("y", "yes")

    init(Path.cwd(), options.octave, options.port, options.cases, ask)
    return AGREED


def _doctor(options: argparse.Namespace) -> int:
    if options.install:
        doctor.install()
    return AGREED if doctor.examine() else UNUSABLE
