"""Which .m file goes with which Python function, found by name.

A project says where its two sides and its cases are in pyproject.toml::

    [tool.lockstep]
    octave = "octave"         # folder of the .m files
    port = "backprop"         # package, module, or folder of the .py files
    cases = "tests/cases"     # folder of NAME.py, the cases of the pair NAME

May import the standard library only, and never the port itself.
"""

import re
import tomllib
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property
from importlib.machinery import ModuleSpec
from importlib.util import find_spec
from pathlib import Path
from typing import Any

NUMBER_OF_SUGGESTIONS = 3


class ProjectError(Exception):
    """The project, or a name asked for, cannot be found; the message says what to do."""


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
    def _signature(self) -> re.Match[str] | None:
        return _SIGNATURE.match(_code(self.m_file)) if self.m_file else None

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
        """Names of the arguments as the .m file declares them; empty where it is not known."""
        if self._signature is None:
            return []
        return re.findall(r"[A-Za-z]\w*", self._signature["arguments"] or "")


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
    octave, cases : Path
        Folders of the .m files and of the cases files.
    port : str
        Package, module, or path of a folder that holds the port.
    root : Path
        Folder that relative paths start from.
    timeout : float or None
        Seconds that each side of a case may take; None for the usual limit.
    """

    root: Path
    octave: Path
    port: str
    cases: Path
    timeout: float | None = None

    def __post_init__(self) -> None:
        """Refuse folders that are not there."""
        if not self.octave.is_dir():
            raise ProjectError(
                f"no folder {self.octave} with .m files; name it with --octave DIR "
                "or as octave in [tool.lockstep] of pyproject.toml"
            )
        if not self.port:
            raise ProjectError(
                "no Python port is named; name its package or folder with --port NAME "
                "or as port in [tool.lockstep] of pyproject.toml"
            )

    @cached_property
    def _m_files(self) -> dict[str, Path]:
        files = sorted(self.octave.glob("[A-Za-z_]*.m"))  # not an editor's .#name.m
        return {path.stem: path for path in files if not path.is_dir()}

    @cached_property
    def _case_names(self) -> set[str]:
        names = {path.stem for path in self.cases.glob("*.py")}
        return {name for name in names if not name.startswith("_") and name != "conftest"}

    @cached_property
    def _port_names(self) -> set[str]:
        folder = self.root / self.port
        if folder.is_dir():
            return _file_names(folder) | _function_names(folder / "__init__.py")
        spec = self._spec()
        names = set().union(*(_file_names(Path(f)) for f in spec.submodule_search_locations or []))
        return names | _function_names(Path(spec.origin or ""))

    def _spec(self) -> ModuleSpec:
        try:
            spec = find_spec(self.port)
        except ImportError:
            spec = None
        if spec is None:
            raise ProjectError(
                f"the port {self.port!r} is neither a folder below {self.root} nor a package that "
                "Python can import; install it (pip install -e .) or name it with --port NAME"
            )
        return spec

    def pair(self, name: str) -> Pair:
        """Return the pair `name`, whether or not it has a port or cases.

        Raises
        ------
        ProjectError
            If nothing of that name is known; the message suggests names that are.
        """
        if name not in self._m_files and name not in self._case_names:
            known = sorted(self._m_files.keys() | self._case_names)
            near = get_close_matches(name, known, NUMBER_OF_SUGGESTIONS)
            hint = f"did you mean {', '.join(near)}?" if near else f"known: {', '.join(known)}"
            raise ProjectError(f"no pair {name!r}: no {name}.m in {self.octave}; {hint}")
        return Pair(name, self._m_files.get(name))

    def pairs(self) -> list[Pair]:
        """Return every pair that has two sides or cases, by name."""
        names = (self._m_files.keys() & self._port_names) | self._case_names
        return [self.pair(name) for name in sorted(names, key=str.lower)]

    def unported(self) -> list[str]:
        """Return the names of .m files that have neither a port nor cases."""
        return sorted(self._m_files.keys() - self._port_names - self._case_names)

    def has_port(self, pair: Pair) -> bool:
        """Whether a file or a function of the port is named after `pair`."""
        return pair.name in self._port_names

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
        return self.cases / f"{pair.name}.py"


def _file_names(folder: Path) -> set[str]:
    return {path.stem for path in folder.glob("*.py")}


def _function_names(module: Path) -> set[str]:
    """Return the names of the functions of a module, without importing it."""
    if module.suffix != ".py" or not module.is_file():
        return set()
    text = module.read_text(encoding="utf-8", errors="replace")
    return set(re.findall(r"(?m)^def\s+(\w+)", text))


def find_project(
    start: Path | None = None,
    *,
    octave: str | None = None,
    port: str | None = None,
    cases: str | None = None,
) -> Project:
    """Find the project around `start`; what is named here goes before what the project says.

    Parameters
    ----------
    start : Path, optional
        Where to look from; the current folder by default. The first folder at or above it whose
        pyproject.toml has a table [tool.lockstep] is the root, else `start` itself.
    octave, port, cases : str, optional
        As in [tool.lockstep]; relative to the current folder.

    Raises
    ------
    ProjectError
        If a folder is missing or the settings are not understood.
    """
    here = (start or Path.cwd()).resolve()
    root, settings = _settings(here)
    _check(settings, root)
    if not cases and "cases" in settings and not (root / settings["cases"]).is_dir():
        raise ProjectError(
            f"no folder {root / settings['cases']}, which cases in [tool.lockstep] of "
            f"{root / 'pyproject.toml'} names; make it, or correct the name"
        )
    return Project(
        root=root,
        octave=here / octave if octave else root / settings.get("octave", "octave"),
        port=_absolute_folder(here, port) if port else settings.get("port", ""),
        cases=here / cases if cases else root / settings.get("cases", "tests/cases"),
        timeout=settings.get("timeout"),
    )


_SETTINGS = ("octave", "port", "cases", "timeout")


def has_settings(start: Path) -> bool:
    """Whether a pyproject.toml at or above a folder has a table [tool.lockstep]."""
    return bool(_settings(start.resolve())[1])


def _check(settings: Any, root: Path) -> None:
    """Refuse settings that are unknown or of the wrong type."""
    place = f"[tool.lockstep] in {root / 'pyproject.toml'}"
    if not isinstance(settings, dict):
        raise ProjectError(f"{place} must be a table, not {settings!r}")
    unknown = settings.keys() - set(_SETTINGS)
    if unknown:
        raise ProjectError(
            f"{place} has unknown keys: {', '.join(sorted(unknown))}; known: {', '.join(_SETTINGS)}"
        )
    for key, value in settings.items():
        if key != "timeout" and not isinstance(value, str):
            raise ProjectError(f"{key} of {place} must be a text, not {value!r}")
        if key == "timeout" and not (type(value) in (int, float) and value > 0):
            raise ProjectError(f"{key} of {place} must be seconds above 0, not {value!r}")
    if "cases" in settings and not (root / settings["cases"]).is_dir():
        raise ProjectError(
            f"cases of {place} names {settings['cases']}, and there is no such folder"
        )


def _absolute_folder(here: Path, port: str) -> str:
    folder = here / port
    return str(folder) if folder.is_dir() else port


def _settings(here: Path) -> tuple[Path, Any]:
    for folder in (here, *here.parents):
        file = folder / "pyproject.toml"
        if file.is_file():
            try:
                tool = tomllib.loads(file.read_text(encoding="utf-8-sig")).get("tool", {})
            except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
                raise ProjectError(f"{file} is not valid TOML: {error}") from None
            except OSError as error:
                raise ProjectError(f"{file} cannot be read: {error}") from None
            if isinstance(tool, dict) and "lockstep" in tool:
                return folder, tool["lockstep"]
    return here, {}
