"""Which .m file goes with which Python function, found by name.

A project says where its two sides and its cases are in pyproject.toml::

    [tool.lockstep]
    octave = "octave"         # folder of the .m files, or a list of folders
    port = "backprop"         # package, module, file, or folder of the .py files
    cases = "tests/cases"     # folder of NAME.py, the cases of the pair NAME

    [tool.lockstep.pairs]     # what cannot be guessed
    trapz = "numpy:trapezoid"

May import `m_files`, `port_files` and `settings`, and never the port itself.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path
from typing import Any

from lockstep.project.m_files import MFiles, ProjectError, spelling
from lockstep.project.port_files import Location, PortFiles, quoted_key
from lockstep.project.settings import read_settings

__all__ = ["Pair", "Project", "ProjectError", "find_project"]

NUMBER_OF_SUGGESTIONS = 3


@dataclass(frozen=True)
class Pair:
    """An Octave function or script and the Python function that ports it.

    Attributes
    ----------
    name : str
        Name on the Octave side.
    m_file : Path or None
        None where the Octave side is one of Octave's own functions.
    """

    name: str
    m_file: Path | None

    @cached_property
    def _text(self) -> str:
        return _code(self.m_file) if self.m_file else ""

    @cached_property
    def _signature(self) -> re.Match[str] | None:
        return _SIGNATURE.match(self._text)

    @property
    def reads_nargout(self) -> bool:
        """Whether the .m file asks how many outputs are wanted, and may give others then."""
        return re.search(r"\bnargout\b", self._text) is not None

    @property
    def is_script(self) -> bool:
        """Whether the .m file is a script: its outputs are then its variables."""
        return self.m_file is not None and self._signature is None

    @property
    def output_names(self) -> list[str]:
        """Names of the outputs as the .m file declares them; empty where it is not known."""
        if self._signature is None:
            return []
        outputs = self._signature["many"] or self._signature["one"] or ""
        return re.findall(r"\w+", outputs)

    @property
    def argument_names(self) -> list[str]:
        """Names of the arguments as the .m file declares them, ``~`` for one that it ignores.

        Empty where it is not known.
        """
        if self._signature is None:
            return []
        return re.findall(r"~|[A-Za-z]\w*", self._signature["arguments"] or "")


_SIGNATURE = re.compile(
    r"function\b\s*(?:(?:\[(?P<many>[^\]]*)\]|(?P<one>\w+))\s*=\s*)?(?P<name>[\w.]+)"
    r"\s*(?:\((?P<arguments>[^)]*)\))?"
)


def _code(m_file: Path) -> str:
    """Return the text of a .m file from its first statement on, continuation lines joined."""
    try:
        text = m_file.read_text(encoding="utf-8-sig", errors="replace")
    except OSError:  # `Project.check_readable` says so
        return ""
    text = re.sub(r"(?ms)^\s*[%#]\{\s*$.*?^\s*[%#]\}\s*$", "", text)
    text = re.sub(r"(?m)^([^%#\n]*?)\.\.\.[^\n]*\n", r"\1 ", text)
    lines = [line.strip() for line in text.splitlines()]
    first = next((i for i, line in enumerate(lines) if line and line[0] not in "%#"), len(lines))
    return "\n".join(lines[first:])


@dataclass(frozen=True)
class Project:
    """Where the two sides and the cases are.

    Attributes
    ----------
    root : Path
        Folder that relative paths start from.
    octave : tuple of Path
        Folders of the .m files, the first found first.
    port : str
        Package, module, or path of a file or folder that holds the port.
    cases : Path
        Folder of the cases files.
    declared : mapping
        Which Python function serves which Octave function, where a name does not say so.
    conventions : mapping
        What holds for every pair (see `lockstep.project.conventions`).
    here : Path, optional
        Another folder that the port may be found in.
    timeout : float or None
        Seconds that each side of a case may take; None for the usual limit.
    engine : str
        What runs the .m files: a key of `lockstep.model.identity.ENGINES`.
    oracle : str
        Where its values come from: one of `lockstep.model.identity.ORACLES`.
    recordings : Path or None
        Folder of the recordings; None for the folder `recordings` beside that of the cases.
    """

    root: Path
    octave: tuple[Path, ...]
    port: str
    cases: Path
    declared: Mapping[str, str] = field(default_factory=dict)
    conventions: Mapping[str, Any] = field(default_factory=dict)
    here: Path | None = None
    timeout: float | None = None
    engine: str = "octave"
    oracle: str = "live"
    recordings: Path | None = None

    def __post_init__(self) -> None:
        """Refuse folders that are not there, or are none."""
        for folder in self.octave:
            if not folder.is_dir():
                raise ProjectError(
                    f"no folder {folder} with .m files; name it with --octave DIR "
                    "or as octave in [tool.lockstep] of pyproject.toml"
                )
        if self.cases.exists() and not self.cases.is_dir():
            raise ProjectError(
                f"{self.cases} is a file, and the folder of the cases files is wanted; name it "
                "with --cases DIR or as cases in [tool.lockstep] of pyproject.toml"
            )
        if not self.port and not self.declared:
            raise ProjectError(
                "no Python port is named; name its package or folder with --port NAME "
                "or as port in [tool.lockstep] of pyproject.toml"
            )

    def __getstate__(self) -> dict[str, Any]:
        """Leave out, of what travels to another process, what that finds itself."""
        return {one.name: getattr(self, one.name) for one in fields(self)}

    @cached_property
    def m_files(self) -> MFiles:
        """The .m files of the project."""
        return MFiles(self.octave)

    @cached_property
    def port_files(self) -> PortFiles:
        """The Python functions of the port."""
        return PortFiles(self.port, [*([self.here] if self.here else []), self.root])

    @property
    def recordings_folder(self) -> Path:
        """Where the recordings are, or would be."""
        return self.recordings or self.cases.parent / "recordings"

    @property
    def octave_path(self) -> list[Path]:
        """What Octave's path must hold, the first found first."""
        return self.m_files.path(set(self._case_files))

    @cached_property
    def _case_files(self) -> dict[str, Path]:
        """The cases files by the name of their pair, whatever the case and underscores of it."""
        files = {path.stem: path for path in sorted(self.cases.glob("*.py"))}
        files = {name: path for name, path in files.items() if name[0] != "_"}
        files.pop("conftest", None)
        known = self.m_files.names | self.m_files.private_names | self.declared.keys()
        by_spelling = {spelling(name): name for name in known}
        found = {name: path for name, path in files.items() if name in known}
        for name, path in files.items():
            own = name if name in known else by_spelling.get(spelling(name), name)
            found.setdefault(own, path)
        return found

    def pair(self, name: str) -> Pair:
        """Return the pair `name`, whether or not it has a port or cases.

        Raises
        ------
        ProjectError
            If nothing of that name is known; the message suggests names that are.
        """
        known = self.m_files.names | self.m_files.private_names & self._case_files.keys()
        known |= self._case_files.keys() | self.declared.keys()
        if name not in known:
            alike = [one for one in sorted(known) if spelling(one) == spelling(name)]
            if len(alike) != 1:
                raise ProjectError(f"no pair {name!r}: {self._unknown(name, sorted(known))}")
            name = alike[0]
        return Pair(name, self.m_files.file(name))

    def _unknown(self, name: str, known: list[str]) -> str:
        if name in self.m_files.private_names:
            return (
                f"{name}.m is in a folder private, its neighbours alone can call it; "
                f"to compare it all the same write {self.cases / name}.py"
            )
        if name in self.m_files.methods:
            return f"{name}.m is a method of the class {self.m_files.methods[name]}"
        near = get_close_matches(name, known, NUMBER_OF_SUGGESTIONS)
        hint = f"did you mean {', '.join(near)}?" if near else f"known: {', '.join(known)}"
        folders = ", ".join(map(str, self.octave))
        return f"no {name}.m in {folders}; {hint}"

    def uncallable(self, pair: Pair) -> str:
        """Say why Octave knows no function of the name of a pair, and what to do."""
        name = pair.name
        if name in self.m_files.methods:
            return (
                f"{name}.m is a method of the class {self.m_files.methods[name]}: Octave calls it "
                "for an object of that class, and no case can send one. Compare a function of your "
                f"own that makes the object, calls {name}, and returns plain values"
            )
        folders = ", ".join(map(str, self.octave))
        return (
            f"there is no {name}.m in {folders or 'any folder'}, and Octave has no {name} of its "
            f"own; correct the name of {self.cases_file(pair).name}, or name the folder of the .m "
            "file with --octave DIR"
        )

    def pairs(self) -> list[Pair]:
        """Return every pair that has two sides or cases, by name."""
        self.check_port()
        names = {name for name in self.m_files.names if self.port_problem(name) is None}
        names |= self._case_files.keys() | self.declared.keys()
        return [self.pair(name) for name in sorted(names, key=str.lower)]

    def unported(self) -> list[str]:
        """Return the names of .m files that have neither a port nor cases."""
        ported = self._case_files.keys() | self.declared.keys()
        return sorted(name for name in self.m_files.names - ported if self.port_problem(name))

    def location(self, name: str) -> Location | None:
        """Return where the port of a pair is; None where there is none.

        Raises
        ------
        ProjectError
            If several functions are as likely, or what is declared is not there.
        """
        if name not in self._locations:
            declared = self.declared.get(name)
            files = self.port_files
            self._locations[name] = files.declared(declared) if declared else files.find(name)
        return self._locations[name]

    @cached_property
    def _locations(self) -> dict[str, Location | None]:
        return {}

    def port_problem(self, name: str) -> str | None:
        """Say why a pair has no port; None where it has one, or several that may be meant."""
        if name in self.declared:
            return None
        try:
            found = self.location(name)
        except ProjectError:
            return None  # calling it says what is unclear
        if found is not None:
            return None
        return (
            f"no Python function {name} in {self.port}; there: {self.port_files.listed(name)}; "
            f"say which in pyproject.toml: [tool.lockstep.pairs] {quoted_key(name)} = "
            '"module:function"'
        )

    def has_port(self, pair: Pair) -> bool:
        """Whether a function of the port is named after `pair`, or declared to be its port."""
        return self.port_problem(pair.name) is None

    def missing(self, pair: Pair) -> str:
        """Say what a pair lacks to be compared; empty where it lacks nothing."""
        if not self.cases_file(pair).is_file():
            return f"no cases: write {self.cases_file(pair)}"
        return self.port_problem(pair.name) or ""

    def check_port(self) -> None:
        """Refuse a port that is not there, or is a file that is no Python.

        Raises
        ------
        ProjectError
            The message says which, and what is wrong.
        """
        if self.port:
            _ = self.port_files.modules

    def check_readable(self, pair: Pair) -> None:
        """Refuse a pair whose .m file is empty or cannot be read, as a link to nowhere.

        Raises
        ------
        ProjectError
            The message says which, and why.
        """
        if pair.m_file is None:
            return
        try:
            is_empty = not pair.m_file.read_bytes().strip()
        except OSError as error:
            raise ProjectError(f"{pair.m_file} cannot be read: {error.strerror}") from None
        if is_empty:
            raise ProjectError(f"{pair.m_file} is empty")

    def cases_file(self, pair: Pair) -> Path:
        """Return where the cases of `pair` are, or would be."""
        return self._case_files.get(pair.name, self.cases / f"{pair.name}.py")

    def pair_of_cases(self, file: Path) -> Pair:
        """Return the pair that a cases file is of."""
        names = [name for name, path in self._case_files.items() if path.stem == file.stem]
        return self.pair(names[0] if names else file.stem)


def find_project(
    start: Path | None = None,
    *,
    octave: str | list[str] | None = None,
    port: str | None = None,
    cases: str | None = None,
    engine: str | None = None,
    oracle: str | None = None,
    recordings: str | None = None,
) -> Project:
    """Find the project around `start`; what is named here goes before what the project says.

    Parameters
    ----------
    start : Path, optional
        Where to look from; the current folder by default. The first folder at or above it whose
        pyproject.toml has a table [tool.lockstep] is the root, else `start` itself.
    octave, port, cases, engine, oracle, recordings : str, optional
        As in [tool.lockstep]; relative to the current folder.

    Raises
    ------
    ProjectError
        If a folder is missing or the settings are not understood.
    """
    here = (start or Path.cwd()).resolve()
    root, settings = read_settings(here)
    if not cases and "cases" in settings and not (root / settings["cases"]).is_dir():
        raise ProjectError(
            f"no folder {root / settings['cases']}, which cases in [tool.lockstep] of "
            f"{root / 'pyproject.toml'} names; make it, or correct the name"
        )
    base, named = (here, octave) if octave else (root, settings.get("octave"))
    if named is None:
        # without a word, the folder that is most often there; where all pairs are declared, none
        named = "octave" if (root / "octave").is_dir() or not settings.get("pairs") else []
    folders = [named] if isinstance(named, str) else named
    said = settings.get("recordings")
    return Project(
        root=root,
        octave=tuple(base / folder for folder in folders),
        port=_absolute(here, port) if port else settings.get("port", ""),
        cases=here / cases if cases else root / settings.get("cases", "tests/cases"),
        declared=settings.get("pairs", {}),
        conventions=settings.get("conventions", {}),
        here=here if port and here != root else None,
        timeout=settings.get("timeout"),
        engine=engine or settings.get("engine", "octave"),
        oracle=oracle or settings.get("oracle", "live"),
        recordings=here / recordings if recordings else root / said if said else None,
    )


def _absolute(here: Path, port: str) -> str:
    place = here / port
    return str(place) if place.is_dir() or place.is_file() else port
