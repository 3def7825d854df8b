"""A project that is sent to other machines: its files, and what runs its cases there.

An object of it may be pickled: what arrives unpacks the files when it is first asked to run a case,
and ends its engines and removes the files when nobody needs it any more. May import all folders
before it in the line of `lockstep/__init__.py`, and `supervisor`.
"""

import contextlib
import io
import os
import queue
import shutil
import sys
import threading
import weakref
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from lockstep import wire
from lockstep.compare.case_result import CaseResult
from lockstep.engine_process import EngineProcess, Surroundings
from lockstep.model.own_folders import make_folder
from lockstep.model.processors import THREAD_VARIABLES, one_thread
from lockstep.oracles.batches import AHEAD
from lockstep.project.agreed import tool_digest
from lockstep.project.m_files import folders_below
from lockstep.project.pairs import Project, ProjectError
from lockstep.supervisor import Supervisor

MOST_BYTES = 200 * 2**20
"""What is sent at most."""


@dataclass(frozen=True)
class Answer:
    """What some cases gave.

    Attributes
    ----------
    results : list of CaseResult
        In order.
    machine : mapping
        What they were run with (see `lockstep.doctor`).
    """

    results: list[CaseResult]
    machine: Mapping[str, str]


class SentProject:
    """A project with its files.

    Parameters
    ----------
    project : Project
        As it is here.
    timeout : float or None
        Seconds that each side of a case may take.

    Raises
    ------
    ProjectError
        If its files are too large to be sent.
    """

    def __init__(self, project: Project, timeout: float | None) -> None:
        self._project = project = replace(
            project,
            root=project.root.resolve(),
            octave=tuple(folder.resolve() for folder in project.octave),
            cases=project.cases.resolve(),
        )
        self._timeout = timeout
        self._base = _base(project)
        self._files = _packed(project, self._base)
        self._folder_now = Path.cwd()
        self._port = _port_place(project)
        self._path = [*_roots(project), *map(Path, filter(None, sys.path))]
        threads = one_thread(os.environ)
        self._threads = {name: threads[name] for name in THREAD_VARIABLES if name in threads}
        self._tool = tool_digest()
        self._start()

    def _start(self) -> None:
        self._engines: queue.SimpleQueue[Supervisor] = queue.SimpleQueue()
        self._unpacked: Path | None = None
        self._unpacking = threading.Lock()

    def __getstate__(self) -> dict[str, Any]:
        """Leave out what belongs to this process."""
        own = ("_engines", "_unpacked", "_unpacking")
        return {name: value for name, value in self.__dict__.items() if name not in own}

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Begin without engines."""
        self.__dict__.update(state)
        self._start()

    def run(self, pair: str, cases: Sequence[tuple[str, tuple[str, ...]]]) -> bytes:
        """Run cases of a pair where this is, and return an `Answer` as `wire` writes it.

        Parameters
        ----------
        pair : str
            Its name.
        cases : sequence of (str, tuple of str)
            Names, and the labels that each is compared under.

        Raises
        ------
        ProjectError
            If another lockstep is installed here.
        """
        if self._tool != tool_digest():
            raise ProjectError("another version of lockstep is installed there")
        names = [name for name, _ in cases]
        results: list[CaseResult] = []
        with self._engine() as both:
            machine = both.machine()
            for done, (name, labels) in enumerate(cases, start=1):
                results += both.run_case(pair, name, labels, names[done : done + AHEAD])
        return wire.dumps(Answer([self._named_as_here(one) for one in results], machine))

    @contextlib.contextmanager
    def _engine(self) -> Iterator[Supervisor]:
        """Lend an engine to one thread: one that is idle, or a new one."""
        try:
            both = self._engines.get_nowait()
        except queue.Empty:
            both = self._new_engine()
        try:
            yield both
        finally:
            self._engines.put(both)

    def _new_engine(self) -> Supervisor:
        folder = self._there()
        environment = {k: v for k, v in os.environ.items() if k not in THREAD_VARIABLES}
        path = [str(self._moved(one, folder)) for one in self._path if self._is_sent(one)]
        here = self._folder_now if self._is_sent(self._folder_now) else self._project.root
        surroundings = Surroundings(
            {**environment, **self._threads}, (*path, *sys.path), self._moved(here, folder)
        )
        project = self._project
        moved = replace(
            project,
            root=self._moved(project.root, folder),
            octave=tuple(self._moved(one, folder) for one in project.octave),
            cases=self._moved(project.cases, folder),
            here=self._moved(project.here, folder) if project.here else None,
            recordings=self._moved(project.recordings, folder) if project.recordings else None,
            port=str(self._moved(self._port, folder)) if self._port else project.port,
        )
        return _SupervisorThere(moved, self._timeout, surroundings)

    def _there(self) -> Path:
        """Unpack the files, once."""
        with self._unpacking:
            if self._unpacked is None:
                folder = make_folder().resolve()
                weakref.finalize(self, _end, self._engines, folder)
                with zipfile.ZipFile(io.BytesIO(self._files)) as archive:
                    archive.extractall(folder)
                self._unpacked = folder
            return self._unpacked

    def _is_sent(self, place: Path) -> bool:
        return place.is_relative_to(self._project.root)

    def _moved(self, place: Path, folder: Path) -> Path:
        return folder / place.relative_to(self._base)

    def _named_as_here(self, result: CaseResult) -> CaseResult:
        """Let a problem name files as they are called where the run was started."""
        there = str(self._unpacked)
        return replace(result, problem=result.problem.replace(there, str(self._base)))


class _SupervisorThere(Supervisor):
    """A supervisor whose engines find around them what they would find where a run was started."""

    def __init__(self, project: Project, timeout: float | None, surroundings: Surroundings) -> None:
        super().__init__(project, timeout)
        self._surroundings = surroundings

    def _new_engine(self) -> EngineProcess:
        return EngineProcess(self.project, self.timeout, self._surroundings)


def _end(engines: "queue.SimpleQueue[Supervisor]", folder: Path) -> None:
    with contextlib.suppress(queue.Empty):
        while True:
            engines.get_nowait().close(at_once=True)
    shutil.rmtree(folder, ignore_errors=True)


def _base(project: Project) -> Path:
    """Return the folder that all folders of a project are in."""
    port = _port_place(project)
    others = [one for one in (port, project.here, project.recordings) if one is not None]
    return Path(os.path.commonpath([project.root, project.cases, *project.octave, *others]))


def _port_place(project: Project) -> Path | None:
    """Return where the port is; None where it is a package that is installed."""
    place = project.port_files.place
    if place is not None:
        return place
    parts = project.port.split(".")
    for root in _roots(project):
        for found in (root.joinpath(*parts), root.joinpath(*parts[:-1], f"{parts[-1]}.py")):
            if found.exists() and found.is_relative_to(project.root):
                return found
    return None


def _roots(project: Project) -> list[Path]:
    """Return the folders that the names of the port's modules start from."""
    found = {one.root for one in project.port_files.modules if one.root is not None}
    return sorted(found)


def _packed(project: Project, base: Path) -> bytes:
    """Return the files of a project as a zip archive."""
    port = _port_place(project)
    folders = [project.root, project.cases, *project.octave, project.recordings_folder]
    if port is not None:
        folders.append(port if port.is_dir() else port.parent)
    files = {
        here / name
        for folder in folders
        for here, names in folders_below(folder)
        for name in names
        if (here / name).is_file()
    }
    sizes = {file: file.stat().st_size for file in files}
    if sum(sizes.values()) > MOST_BYTES:
        largest = max(sizes, key=lambda file: sizes[file])
        raise ProjectError(
            f"the files of the project, {sum(sizes.values()) / 2**20:.0f} MB, are more than the "
            f"{MOST_BYTES / 2**20:.0f} MB that are sent to a cluster; the largest is {largest}: "
            f"keep data that no case needs outside {project.root}"
        )
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, strict_timestamps=False) as archive:
        for file in sorted(files):
            archive.write(file, file.relative_to(base))
    return stream.getvalue()
