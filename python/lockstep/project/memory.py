"""What a project remembers from one run to the next: the folder .lockstep beside pyproject.toml.

Losing it costs time, nothing else; it tells git to leave it alone. May import `pairs` and
`captured`.
"""

import contextlib
import json
import math
from collections.abc import Iterable, Mapping
from hashlib import sha256
from pathlib import Path

from lockstep.project.captured import captured_file
from lockstep.project.pairs import Pair, Project, ProjectError

FOLDER = ".lockstep"
COVERAGE = "coverage.json"
FAILED = "failed.json"


def memory_folder(project: Project) -> Path:
    """Return the folder, made if need be.

    Raises
    ------
    OSError
        If it cannot be made.
    """
    folder = project.root / FOLDER
    folder.mkdir(exist_ok=True)
    ignore = folder / ".gitignore"
    if not ignore.exists():
        ignore.write_text("*\n", encoding="utf-8")
    return folder


def remember_shares(project: Project, shares: Mapping[str, float]) -> None:
    """Keep which part of its sides the cases of each pair reach, with what it was measured on.

    Raises
    ------
    OSError
        If it cannot be written.
    """
    kept = kept_in(project, COVERAGE)
    for name, share in shares.items():
        kept[name] = [share, _stamp(project, project.pair(name))]
    keep_in(project, COVERAGE, kept)


def known_shares(project: Project, names: Iterable[str]) -> dict[str, float]:
    """Return the parts of pairs that were measured on their files as they are now."""
    kept = kept_in(project, COVERAGE)
    found = {}
    for name in names:
        match kept.get(name):
            case [float() | int() as share, str() as stamp] if math.isfinite(share):
                with contextlib.suppress(ProjectError):
                    if stamp == _stamp(project, project.pair(name)):
                        found[name] = float(share)
    return found


def remember_failed(
    project: Project, ran: Mapping[str, Iterable[str]], failed: Mapping[str, Iterable[str]]
) -> None:
    """Keep which cases disagreed; of those that were not run what was known of them stays.

    Parameters
    ----------
    project : Project
        The project.
    ran : mapping
        Of each pair that was run the names of the cases; none where its cases cannot be read.
    failed : mapping
        The same of those that disagree.

    Raises
    ------
    OSError
        If it cannot be written.
    """
    kept = {name: set(cases) for name, cases in failed_cases(project).items()}
    for name, cases in ran.items():
        left = kept.pop(name, set()) - set(cases)
        now = left | set(failed.get(name, ()))
        if now or name in failed:
            kept[name] = now
    if kept or (project.root / FOLDER / FAILED).exists():
        keep_in(project, FAILED, {name: sorted(cases) for name, cases in kept.items()})


def failed_cases(project: Project) -> dict[str, frozenset[str]]:
    """Return the cases that disagreed when they were run last, of each pair; none for all."""
    found = {}
    for name, cases in kept_in(project, FAILED).items():
        if isinstance(cases, list) and all(isinstance(case, str) for case in cases):
            found[name] = frozenset(cases)
    return found


def keep_in(project: Project, file: str, what: Mapping[str, object]) -> None:
    """Write a file of the folder.

    Raises
    ------
    OSError
        If it cannot be written.
    """
    text = json.dumps(what, indent=1, sort_keys=True)
    (memory_folder(project) / file).write_text(text + "\n", encoding="utf-8")


def kept_in(project: Project, file: str) -> dict[str, object]:
    """Return what a file of the folder holds; nothing where it is not there, or is broken."""
    try:
        text = (project.root / FOLDER / file).read_text(encoding="utf-8")
        found = json.loads(text)
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _stamp(project: Project, pair: Pair) -> str:
    """Return what changes with the files of a pair: both sides and the cases."""
    place = project.location(pair.name)
    files = [pair.m_file, place.file if place else None, project.cases_file(pair)]
    files.append(captured_file(project.cases_file(pair)))
    digest = sha256()
    for file in files:
        with contextlib.suppress(OSError):
            data = file.read_bytes() if file is not None else b""
            digest.update(f"{len(data)}:".encode() + data)
        digest.update(b"|")
    return digest.hexdigest()
