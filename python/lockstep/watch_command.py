"""`lockstep watch`: what a saved file concerns is run at once, until Ctrl-C.

Engines with their Octave are started before they are needed, and each run has one of its own: a
module of the port that was imported stays as it was. May import all folders before it in the line
of `lockstep/__init__.py`, and `run_command`.
"""

import argparse
import contextlib
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from importlib import import_module
from pathlib import Path
from typing import Any

from lockstep.project.inputs import SOURCES, InputFinder, Inputs, data_files
from lockstep.project.m_files import SKIPPED, folders_below, spelling
from lockstep.project.pairs import Project, ProjectError
from lockstep.run_command import Run
from lockstep.run_options import RunOptions
from lockstep.sides.octave import OctaveNotFoundError
from lockstep.spare_engines import SpareEngines
from lockstep.terminal.screen import Screen

STEP_MS = 50
"""How long files are left alone before they count as saved, in milliseconds."""

DEBOUNCE_MS = 500
"""How long at most, where more and more files are written."""

SHOWN_FILES = 3
"""How many changed files are named."""


def add_watch_command(
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
        Adds the options that name a project and its engine.
    find : callable
        Returns the project that they name.
    """
    command = commands.add_parser(
        "watch",
        help="run what a saved file concerns, until Ctrl-C",
        description="Waits for files to be saved, and compares the pairs that they concern: those "
        "that call or import them. Ctrl-C ends it.",
    )
    command.add_argument("names", nargs="*", metavar="NAME", help="pairs (default: all)")
    add_project(command)

    def called(options: argparse.Namespace) -> int:
        if options.in_process:
            raise ProjectError("each run of watch is a process of its own: leave out --in-process")
        run = RunOptions(timeout=options.timeout, progress=not options.no_progress)
        watch(Watch(lambda: find(options), options.names, run), saved_files)
        return 0

    command.set_defaults(command=called)


class Watch:
    """Runs the pairs that changed files concern.

    Parameters
    ----------
    find : callable
        Returns the project as it is at the time: files and settings may change.
    names : sequence of str
        Pairs; all where none is named.
    options : RunOptions
        How they are run.

    Attributes
    ----------
    lost : dict of str to str
        The pairs that the last files to change took away, and what each lacks now.

    Raises
    ------
    ProjectError
        If there is no project, or no such pair.
    """

    def __init__(
        self, find: Callable[[], Project], names: Sequence[str], options: RunOptions
    ) -> None:
        self._find = find
        self._names = names
        self._options = options
        self._project = find()
        self._layout = _layout(self._project)
        self._finder = InputFinder(self._project)
        self._inputs = self._all_inputs()
        self.lost: dict[str, str] = {}
        self._data = _stamps(self._project)
        self._spares = SpareEngines(options.timeout)

    @property
    def folders(self) -> list[Path]:
        """What is to be watched: the project's folder, and its others outside of that."""
        project = self._project
        modules = (module.file.parent for module in project.port_files.modules)
        wanted = [project.root, project.cases, *project.octave, *modules]
        found: list[Path] = []
        for folder in (one.resolve() for one in wanted):
            if not any(folder == other or other in folder.parents for other in found):
                found.append(folder)
        return found

    def get_ready(self) -> None:
        """Wait until an engine and its Octave are started for the next run.

        Raises
        ------
        OctaveNotFoundError
            If there is no Octave.
        """
        self._spares.wait(self._project)

    def close(self) -> None:
        """End the engines."""
        self._spares.close()

    def concerned(self, changed: set[Path]) -> list[str]:
        """Return the pairs that files concern which changed, were made or removed.

        Those go first that a file is named after.
        """
        self.lost = {}
        changed = {file for file in changed if not self._is_own_doing(file)}
        if not changed:
            return []
        before = self._inputs
        self._look_again(changed)
        self.lost = {name: self._lack(name) for name in before if name not in self._inputs}
        found = [
            name
            for name, now in self._inputs.items()
            if name not in before or now.hang_on(changed) or before[name].hang_on(changed)
        ]
        named = {spelling(file.stem) for file in changed}
        return sorted(found, key=lambda name: spelling(name) not in named)

    def run(self, pairs: Sequence[str]) -> None:
        """Run pairs, and print what they give."""
        with self._spares.take(self._project) as both:
            Run(self._project, pairs, self._options).carried_out(both)
        self._data = _stamps(self._project)

    def _look_again(self, changed: set[Path]) -> None:
        """Read what changed; where files came or went, or the settings changed, read all."""
        self._project = project = self._find()
        layout = _layout(project)
        if layout == self._layout:
            self._finder = self._finder.renewed(project, changed)
        else:
            self.close()
            self._layout, self._finder = layout, InputFinder(project)
        self._inputs = self._all_inputs()

    def _all_inputs(self) -> dict[str, Inputs]:
        project = self._project
        asked = [project.pair(name) for name in self._names] or project.pairs()
        return {pair.name: self._finder.of(pair) for pair in asked if not project.missing(pair)}

    def _lack(self, name: str) -> str:
        try:
            return self._project.missing(self._project.pair(name))
        except ProjectError as error:
            return str(error)

    def _is_own_doing(self, file: Path) -> bool:
        """Whether a data file is as a run left it, which may write some itself."""
        return file.suffix not in SOURCES and self._data.get(file) == _stamp(file)


def watch(
    seen: Watch, changes: Callable[[list[Path]], Iterable[set[Path]]], out: Any = sys.stderr
) -> None:
    """Run what each change concerns, as long as there are changes.

    Parameters
    ----------
    seen : Watch
        The project.
    changes : callable
        Given folders, yields the files below them that changed (see `saved_files`).
    out : file
        Where to say what goes on.

    Raises
    ------
    OctaveNotFoundError
        If there is no Octave.
    """
    folders, screen = seen.folders, Screen(out)
    coming = changes(folders)
    try:
        seen.get_ready()
        screen.say(f"watching {', '.join(map(str, folders))}; Ctrl-C ends it")
        for changed in coming:
            try:
                pairs = seen.concerned(changed)
                for name, lack in seen.lost.items():
                    screen.say(f"\n{_heading(changed)}: {name} is compared no more: {lack}")
                if pairs:
                    screen.say(f"\n{_heading(changed)}: {', '.join(pairs)}")
                    seen.run(pairs)
            except (ProjectError, OctaveNotFoundError) as error:  # until it is mended
                screen.say(f"lockstep: {error}")
    finally:
        seen.close()


def saved_files(folders: list[Path]) -> Iterator[set[Path]]:
    """Iterate over the files below folders that change, those together that are saved together.

    Raises
    ------
    ProjectError
        If the package that tells them is not installed.
    """
    try:
        watchfiles = import_module("watchfiles")
    except ImportError:
        raise ProjectError(
            "lockstep watch needs the package watchfiles: pip install 'lockstep-octave[watch]'"
        ) from None

    def is_own(change: object, path: str) -> bool:
        return _is_watched(Path(path), folders)

    batches = watchfiles.watch(*folders, watch_filter=is_own, step=STEP_MS, debounce=DEBOUNCE_MS)
    return ({Path(path) for _, path in batch} for batch in batches)


def _is_watched(file: Path, folders: Sequence[Path]) -> bool:
    """Whether a file is nobody's scratch: hidden, compiled, a backup of an editor."""
    base = next((one for one in folders if one in file.parents), None)
    if base is None or file.name.endswith("~"):
        return False
    parts = file.relative_to(base).parts
    return not any(part.startswith(".") or part in SKIPPED for part in parts)


def _heading(changed: set[Path]) -> str:
    names = sorted(file.name for file in changed)
    more = f" and {len(names) - SHOWN_FILES} more" if len(names) > SHOWN_FILES else ""
    shown = ", ".join(names[:SHOWN_FILES])
    return f"{datetime.now():%H:%M:%S} {shown}{more} changed"


def _layout(project: Project) -> tuple[Project, frozenset[Path]]:
    """Return what an engine finds out once: the settings, and which files there are."""
    files = {
        here / name
        for folder in (*project.octave, project.cases)
        for here, names in folders_below(folder)
        for name in names
        if name.endswith(SOURCES)
    }
    return project, frozenset(files | {module.file for module in project.port_files.modules})


def _stamps(project: Project) -> dict[Path, tuple[int, int]]:
    found = {file.resolve(): _stamp(file) for file in data_files(project)}
    return {file: stamp for file, stamp in found.items() if stamp is not None}


def _stamp(file: Path) -> tuple[int, int] | None:
    with contextlib.suppress(OSError):
        known = file.stat()
        return known.st_mtime_ns, known.st_size
    return None
