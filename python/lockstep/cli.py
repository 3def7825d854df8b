"""The command `lockstep`: parse, call, print.

May import everything of the package; nothing imports it.
"""

import argparse
import contextlib
import io
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from types import FrameType

from lockstep import doctor
from lockstep.calling import chosen_case
from lockstep.case_commands import add_case_commands
from lockstep.engine_process import EngineError
from lockstep.mcp_command import add_mcp_command
from lockstep.model.processors import processors
from lockstep.model.version import VERSION
from lockstep.page.render import page_html, write_page
from lockstep.project.cases import CasesError
from lockstep.project.choosing import CaseChoice
from lockstep.project.pairs import ProjectError
from lockstep.project_options import (
    add_compared_project,
    add_engine,
    add_project,
    add_recorded_project,
    progress_of,
    project_of,
)
from lockstep.record_command import add_record_command
from lockstep.reports.mend_text import NotWrittenError, applied
from lockstep.reports.trace_text import SHOWN_ROWS, WIDTH, Selection
from lockstep.run_command import Run, writing
from lockstep.run_options import NORMAL, QUIET, VERBOSE, RunOptions
from lockstep.sides.octave import OctaveNotFoundError
from lockstep.supervisor import Supervisor
from lockstep.terminal.screen import Screen
from lockstep.watch_command import add_watch_command

AGREED, DISAGREED, UNUSABLE, INTERRUPTED = 0, 1, 2, 130
"""Exit statuses: all agreed; not all; could not run (no Octave, a wrong name); Ctrl-C."""

GONE = "the folder that it was called in is gone"
"""What is said where a file is not found that nobody named."""

SHELLS = ("bash", "zsh", "tcsh", "fish")
"""Shells in which commands and options can be completed."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return the exit status."""
    _open_what_is_closed()
    options = _parser().parse_args(arguments)
    for number in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is not signal.SIG_IGN:  # as under nohup
            signal.signal(number, _leave)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    try:
        return int(options.command(options))
    except (ProjectError, OctaveNotFoundError) as error:
        Screen(sys.stderr).say(f"lockstep: {error}")
        return UNUSABLE
    except OSError as error:  # a pipe that was closed, a terminal that is gone, a full disk
        _give_up_output()
        is_gone = isinstance(error, FileNotFoundError) and error.filename is None
        if not isinstance(error, BrokenPipeError):
            _complain(f"lockstep: {GONE if is_gone else error}")
        return UNUSABLE
    except _TerminatedError as end:
        return 128 + end.number
    except KeyboardInterrupt:
        _complain("\nlockstep: interrupted")
        return INTERRUPTED


def _open_what_is_closed() -> None:
    """Send to nowhere what is closed, so that no file that is opened later takes its number."""
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        if getattr(sys, name) is None:
            opened = os.open(os.devnull, os.O_RDWR)  # the lowest number that is free
            os.set_inheritable(opened, opened == number)
            setattr(sys, name, open(opened, "w" if number else "r", encoding="utf-8"))  # noqa: PTH123, SIM115


class _TerminatedError(KeyboardInterrupt):
    """A signal came that ends the run, as Ctrl-C does; whoever lets that pass lets this pass."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


def _leave(number: int, frame: FrameType | None) -> None:
    """End as on an exception, so that Octave is ended and files are removed."""
    raise _TerminatedError(number)


def _complain(text: str) -> None:
    with contextlib.suppress(OSError):
        Screen(sys.stderr).say(text)


def _give_up_output() -> None:
    """Send to nowhere what is left in the buffer: Python writes it when it ends."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="lockstep",
        description="Runs Octave code and its Python port side by side and diffs them.",
    )
    parser.add_argument("--version", action="version", version=f"%(prog)s {VERSION}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    _add_run(commands)
    add_watch_command(commands, add_compared_project, project_of)
    _add_trace(commands)
    _add_mend(commands)
    add_case_commands(commands, add_project, project_of)
    add_record_command(commands, add_recorded_project, project_of)
    add_mcp_command(commands)
    _add_completion(commands)
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
    add_engine(check_up)
    check_up.set_defaults(command=_doctor)
    return parser


def _add_completion(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    completion = commands.add_parser(
        "completion",
        help="print what completes commands and options in a shell",
        description="Prints a script that completes commands and options; in bash: "
        'eval "$(lockstep completion bash)"',
    )
    completion.add_argument("shell", choices=SHELLS, help="the shell")
    completion.set_defaults(command=_complete)


def _complete(options: argparse.Namespace) -> int:
    from shtab import complete  # only here: every other command starts faster without it

    print(complete(_parser(), options.shell))
    return AGREED


def _add_run(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    run = commands.add_parser(
        "run",
        help="compare every pair, or those named",
        description="Compares every pair, or those named. Exit status: 0 if all agreed, 1 if not, "
        "2 if it could not run, 130 after Ctrl-C.",
    )
    run.add_argument("names", nargs="*", metavar="NAME", help="pairs to compare (default: all)")
    run.add_argument(
        "--case",
        action="append",
        default=[],
        metavar="PATTERN",
        help="run the cases of this name, or those that fit a pattern with * and ?; may be given "
        "several times",
    )
    run.add_argument("-x", action="store_true", help="stop at the first case that disagrees")
    run.add_argument("--lf", action="store_true", help="run what disagreed the last time")
    run.add_argument(
        "--changed",
        action="store_true",
        help="leave out pairs of which nothing changed since all their cases agreed",
    )
    run.add_argument(
        "--strict",
        action="store_true",
        help="fail where a pair has no cases or no port, or a recording leaves a case out",
    )
    shown = run.add_mutually_exclusive_group()
    shown.add_argument("-q", action="store_true", help="a line for each case that disagrees")
    shown.add_argument("-v", action="store_true", help="a line for each case as well")
    run.add_argument("--json", type=Path, metavar="FILE", help="also write the results as JSON")
    run.add_argument("--html", type=Path, metavar="FILE", help="also write the page")
    run.add_argument(
        "--markdown", type=Path, metavar="FILE", help="also write a summary for a pull request"
    )
    run.add_argument(
        "--format",
        choices=("text", "github"),
        default="text",
        help="github: annotate the port's lines, and add to the summary of the job",
    )
    run.add_argument(
        "--jobs",
        type=_whole,
        default=processors(),
        metavar="N",
        help="compare with N sessions of Octave at a time (default: one a processor, here "
        "%(default)s)",
    )
    run.add_argument(
        "--scheduler",
        default="",
        metavar="ADDRESS",
        help="compare on the workers of a dask cluster",
    )
    add_compared_project(run)
    run.set_defaults(command=_run)


def _whole(text: str) -> int:
    number = int(text) if text.isascii() and text.isdigit() else 0
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number from 1 on")
    return number


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
    trace.add_argument("--html", type=Path, metavar="FILE", help="also write the page")
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
    add_compared_project(trace)
    trace.set_defaults(command=_trace)


def _add_mend(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    mend = commands.add_parser(
        "mend",
        help="find what mends a pair, and print it as a patch",
        description="Finds the place in the port that is at fault, tries changes of it on all "
        "cases, and prints the first after which they agree as a patch (what was found goes to "
        "standard error). Exit status: 0 if every case agrees, with the change if need be, 1 if "
        "not, 2 if it could not run.",
    )
    mend.add_argument("name", metavar="NAME", help="the pair")
    mend.add_argument("--apply", action="store_true", help="write the change into the port's file")
    add_compared_project(mend)
    mend.set_defaults(command=_mend)


def _mend(options: argparse.Namespace) -> int:
    project = project_of(options)
    pair = project.pair(options.name).name
    progress = progress_of(options)
    with Supervisor(project, options.timeout, options.in_process) as both:
        try:
            both.listing(pair)
            both.run_pair(pair, progress.of(pair))
            progress.ended(pair)
            progress.show(f"{pair}: looking for what mends it")
            both.told = lambda doing: progress.show(f"{pair}: {doing}")
            found = both.mend(pair)
        except (CasesError, EngineError) as error:
            raise ProjectError(str(error)) from error
        finally:
            progress.clear()
    told = Screen(sys.stderr)
    told.say(found.text + ("\n  Octave's values are recorded ones" if both.said else ""))
    if found.mend is None:
        return DISAGREED if found.failing else AGREED
    Screen().patch(found.mend.diff)
    healed = found.mend.agreeing == found.mend.cases
    if options.apply:
        try:
            said = applied(found.mend) if healed else "not applied: not all cases agree"
        except NotWrittenError as error:
            said, healed = str(error), False
        told.say(said)
    return AGREED if healed else DISAGREED


def _trace(options: argparse.Namespace) -> int:
    project = project_of(options)
    pair = project.pair(options.name).name
    progress = progress_of(options)
    with Supervisor(project, options.timeout, options.in_process) as both:
        try:
            case = chosen_case(both, pair, options.case, progress.of(pair))
            progress.ended(pair)
            progress.show(f"{pair}: tracing {case!r}")
            both.told = lambda doing: progress.show(f"{pair}, case {case!r}: {doing}")
            selection = Selection(options.first, options.last, options.only, options.rows)
            screen = Screen()
            traced = both.trace(
                pair,
                case,
                options.depth,
                options.force,
                selection,
                screen.width or WIDTH,
                with_page=options.html is not None,
            )
        except (CasesError, EngineError) as error:
            raise ProjectError(str(error)) from error
        finally:
            progress.clear()
    said = [f"{pair}, case {case!r}", *(["forced"] if options.force else []), both.said]
    screen.say(", ".join(filter(None, said)))
    screen.say(traced.text)
    if traced.pair is not None and traced.trace is not None:
        title = f"{pair}, case {case!r}: {'agrees' if traced.agrees else 'disagrees'}"
        with writing(options.html, "cannot write"):
            write_page(options.html, page_html(title, [traced.pair], [traced.trace]))
    return AGREED if traced.agrees else DISAGREED


def _run(options: argparse.Namespace) -> int:
    if options.changed and (
        options.json or options.html or options.markdown or options.format == "github"
    ):
        raise ProjectError(
            "--changed leaves pairs out, and a report for others must be whole: run without it, "
            "or without --json, --html, --markdown and --format github"
        )
    chosen = RunOptions(
        choice=CaseChoice(tuple(options.case), stops=options.x),
        last_failed=options.lf,
        changed=options.changed,
        json=options.json,
        html=options.html,
        markdown=options.markdown,
        github=options.format == "github",
        timeout=options.timeout,
        strict=options.strict,
        jobs=options.jobs,
        scheduler=options.scheduler,
        in_process=options.in_process,
        shown=QUIET if options.q else VERBOSE if options.v else NORMAL,
        progress=not options.no_progress,
    )
    return AGREED if Run(project_of(options), options.names, chosen).carried_out() else DISAGREED


def _doctor(options: argparse.Namespace) -> int:
    if options.install:
        doctor.install()
    return AGREED if doctor.examine(options.engine or "octave") else UNUSABLE
