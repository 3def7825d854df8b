"""Which .m files there are, by the names that Octave calls them by.

Octave looks for a function in the folders of its path; what is in ``+package`` is called
``package.name``, what is in ``private`` can be called by its neighbours only, and what is in
``@class`` belongs to objects of the class. May import the standard library only.
"""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

SKIPPED = frozenset({"__pycache__", "node_modules", "site-packages"})
"""Folders that hold nobody's own code; hidden ones and virtual environments are skipped too."""


class ProjectError(Exception):
    """The project, or a name asked for, cannot be found; the message says what to do."""


def spelling(name: str) -> str:
    """Return what is left of a name without case and underscores."""
    return name.replace("_", "").lower()


def folders_below(folder: Path) -> Iterator[tuple[Path, list[str]]]:
    """Yield a folder and all below it that may hold code, each with its files, in order."""
    for place, below, files in os.walk(folder):
        here = Path(place)
        below[:] = sorted(
            name
            for name in below
            if name not in SKIPPED
            and not name.startswith(".")
            and not (here / name / "pyvenv.cfg").is_file()
        )
        yield here, sorted(files)


@dataclass(frozen=True)
class MFile:
    """A .m file.

    Attributes
    ----------
    name : str
        What Octave calls it by: ``package.name`` below ``+package``.
    file : Path
        Where it is.
    folder : Path
        What has to be on Octave's path for it.
    private : bool
        Whether only its neighbours can call it.
    method_of : str
        Class that it is a method of; empty where it is none.
    """

    name: str
    file: Path
    folder: Path
    private: bool = False
    method_of: str = ""


def _placed(file: Path) -> MFile:
    """Say what a .m file is by the folders that it is in."""
    folder, packages = file.parent, []
    if folder.name == "private":
        return MFile(file.stem, file, folder, private=True)
    if folder.name.startswith("@"):
        return MFile(file.stem, file, folder.parent, method_of=folder.name[1:])
    while folder.name.startswith("+"):
        packages.append(folder.name[1:])
        folder = folder.parent
    return MFile(".".join([*reversed(packages), file.stem]), file, folder)


class MFiles:
    """The .m files in and below some folders.

    Parameters
    ----------
    folders : sequence of Path
        The first found first.
    """

    def __init__(self, folders: Sequence[Path]) -> None:
        self.folders = tuple(folders)

    @cached_property
    def _all(self) -> list[list[MFile]]:
        """The files of each of the folders."""
        return [
            [
                _placed(here / name)
                for here, files in folders_below(folder)
                for name in files
                if name.endswith(".m") and not name.startswith(".")  # an editor's .#name.m
            ]
            for folder in self.folders
        ]

    @cached_property
    def _callable(self) -> dict[str, list[MFile]]:
        """By name: what can be called by it, of the first folder that has any."""
        found: dict[str, list[MFile]] = {}
        for files in self._all:
            these: dict[str, list[MFile]] = {}
            for file in files:
                if not file.method_of:
                    these.setdefault(file.name, []).append(file)
            found = {**these, **found}
        return {name: _first(files) for name, files in found.items()}

    @cached_property
    def by_stem(self) -> dict[str, list[Path]]:
        """All files, in packages and of classes too, by the last part of their name."""
        found: dict[str, list[Path]] = {}
        for files in self._all:
            for file in files:
                found.setdefault(file.file.stem, []).append(file.file)
        return found

    @property
    def names(self) -> set[str]:
        """Names that can be called from anywhere."""
        return {name for name, files in self._callable.items() if not files[0].private}

    @property
    def private_names(self) -> set[str]:
        """Names that only their neighbours can call."""
        return self._callable.keys() - self.names

    @property
    def methods(self) -> dict[str, str]:
        """The class of each method that is no function as well."""
        found = {file.name: file.method_of for files in self._all for file in files}
        return {name: of for name, of in found.items() if of and name not in self._callable}

    def file(self, name: str) -> Path | None:
        """Return the .m file of a name; None where there is none.

        Raises
        ------
        ProjectError
            If there are two, and nothing says which goes first.
        """
        found = self._callable.get(name)
        if found is None:
            return None
        if len(found) > 1:
            places = " and ".join(str(one.file) for one in found[:2])
            raise ProjectError(
                f"{name} is found twice: {places}; name the folder that goes first before the "
                "other with --octave DIR, or as a list in [tool.lockstep]"
            )
        return found[0].file

    def path(self, called: set[str] = frozenset()) -> list[Path]:  # type: ignore[assignment]
        """Return what Octave's path must hold, the first found first.

        Parameters
        ----------
        called : set of str
            Names that must be callable though they are private: their folders come last.
        """
        folders = list(self.folders)
        for files in self._all:
            folders += [file.folder for file in files if not file.private]
        hidden = self.private_names & called
        folders += [self._callable[name][0].folder for name in sorted(hidden)]
        return list(dict.fromkeys(folders))


def _first(files: list[MFile]) -> list[MFile]:
    """Return the files of one name that are as near as each other: more than one is unclear.

    A public file goes before a private one, a folder before those below it, and copies are one.
    """
    public = [file for file in files if not file.private] or files
    nearest = [
        one
        for one in public
        if not any(other.folder in one.folder.parents for other in public if other is not one)
    ]
    texts = {file.file.read_bytes() for file in nearest} if len(nearest) > 1 else ()
    return nearest[:1] if len(texts) == 1 else nearest
