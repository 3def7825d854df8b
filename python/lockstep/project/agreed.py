"""Which pairs are as they were when all their cases agreed: the same files, tool and engines.

May import `inputs`, `memory` and `pairs`.
"""

import contextlib
import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.metadata import distributions
from pathlib import Path

from lockstep.model.identity import RECORDED
from lockstep.model.processors import THREAD_VARIABLES
from lockstep.project.inputs import InputFinder, data_files, digest_of
from lockstep.project.memory import keep_in, kept_in
from lockstep.project.pairs import Project, ProjectError

AGREED = "agreed.json"

CODE = frozenset({".py", ".m", ".cc", ".h"})
"""Files of this package that its verdicts may depend on."""


@dataclass(frozen=True)
class FilesDigest:
    """What changes with the files that a pair depends on.

    Attributes
    ----------
    text : str
        The same as long as none of them changes.
    beyond : str
        What in them may look beyond the project, so that `text` does not tell; empty if nothing.
    """

    text: str
    beyond: str


def digests(project: Project, names: Iterable[str]) -> dict[str, FilesDigest]:
    """Return, of each pair, what changes with its files; one that cannot be found has none."""
    finder, data = InputFinder(project), data_files(project)
    found = {}
    for name in names:
        with contextlib.suppress(ProjectError):
            inputs = finder.of(project.pair(name))
            found[name] = FilesDigest(digest_of(inputs, data), inputs.beyond)
    return found


def stamps(
    project: Project, files: Mapping[str, FilesDigest], machine: Mapping[str, str]
) -> dict[str, str]:
    """Return, of each pair, what changes with anything that its results depend on.

    Those are left out of which that cannot be known: they may look beyond the project.

    Parameters
    ----------
    project : Project
        The two sides and the cases.
    files : mapping
        What `digests` gave.
    machine : mapping
        What a run is made with (see `lockstep.doctor`).
    """
    common = _common(project, machine)

    def recording(name: str) -> str:
        return _recording(project, name) if machine.get("oracle") == RECORDED else ""

    return {
        name: sha256(f"{common}|{own.text}|{recording(name)}".encode()).hexdigest()
        for name, own in files.items()
        if not own.beyond
    }


def _recording(project: Project, name: str) -> str:
    """Return what changes with the recording of a pair: its manifest, with the values' hash."""
    try:
        return sha256((project.recordings_folder / f"{name}.json").read_bytes()).hexdigest()
    except OSError:
        return ""


def unchanged(project: Project, now: Mapping[str, str]) -> list[str]:
    """Return the pairs whose stamps are what they were when all their cases agreed."""
    kept = kept_in(project, AGREED)
    return [name for name, stamp in now.items() if kept.get(name) == stamp]


def remember_agreed(project: Project, now: Mapping[str, str], agreed: Mapping[str, bool]) -> None:
    """Keep the stamps of pairs that agree, and forget those of pairs that do not.

    Parameters
    ----------
    project : Project
        The project.
    now : mapping
        The stamps, taken before the run.
    agreed : mapping
        Whether every case of a pair agreed, of each pair of which every case was run.

    Raises
    ------
    OSError
        If it cannot be written.
    """
    before = kept_in(project, AGREED)
    kept = {name: stamp for name, stamp in before.items() if name not in agreed}
    kept |= {name: now[name] for name, agrees in agreed.items() if agrees and name in now}
    if kept != before:
        keep_in(project, AGREED, kept)


def _common(project: Project, machine: Mapping[str, str]) -> str:
    """Return what all pairs depend on: the settings, the tool, the engines, the packages."""
    settings = {
        "folders": [str(folder) for folder in project.octave_path],
        "port": project.port,
        "declared": dict(project.declared),
        "conventions": dict(project.conventions),
        "timeout": project.timeout,
        "engine": project.engine,
    }
    threads = {name: os.environ.get(name) for name in THREAD_VARIABLES}
    packages = sorted({f"{one.name} {one.version}" for one in distributions()})
    every = [settings, dict(machine), threads, packages, tool_digest()]
    return json.dumps(every, sort_keys=True, default=str)


@cache
def tool_digest() -> str:
    """Return what changes with any file of this package."""
    digest = sha256()
    for file in sorted(Path(__file__).parents[1].rglob("*")):
        if file.suffix in CODE:
            digest.update(f"{file.name}|".encode() + file.read_bytes())
    return digest.hexdigest()
