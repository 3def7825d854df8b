"""What the results of a pair depend on: its files and those that they use, read without running.

A .m file uses what is called as one of its words is; a Python file what it imports, and those
modules of a package that it imports which are among its words; a cases file also both sides of the
pairs that it names. Missed are only names that are put together at run time. What reads files
depends on all data of the project, too; what looks beyond the project cannot be known. May import
`pairs`, `captured`, `deviations` and `python_uses`.
"""

import contextlib
import re
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from pathlib import Path

from lockstep.project.captured import captured_file
from lockstep.project.deviations import FILE
from lockstep.project.m_files import folders_below
from lockstep.project.pairs import Pair, Project, ProjectError
from lockstep.project.python_uses import PythonUses, Used

SOURCES = (".m", ".py")

_WORD = re.compile(r"[^\W\d]\w*")
_COMMENT = re.compile(r"(?m)^[ \t]*(?:[%#]\{[ \t]*$(?s:.*?)^[ \t]*[%#]\}[ \t]*$|[%#].*$)")
_TEXT = re.compile(r"""["']([^"'\n]*)["']""")

_READS = re.compile(
    r"\w*(?:[Rr]ead|[Ll]oad|open|scan|memmap|fromfile|genfromtxt|importdata|File)\w*"
)
"""Words of either language that may stand for reading a file; many more than do."""

_BEYOND = frozenset(
    {
        "getenv",
        "environ",
        "expanduser",
        "home",
        "urlopen",
        "urlretrieve",
        "urlread",
        "webread",
        "requests",
        "socket",
        "sqlite3",
        "subprocess",
        "popen",
        "system",
        "unix",
        "dos",
    }
)
"""Words that may stand for the environment, the net, other programs."""

_PLACE = re.compile(r"(?:/|~/|[A-Za-z]:[\\/])\w|(?:.*/)?\.\./")
"""How a text begins that may be a place outside the project."""


@dataclass(frozen=True)
class Inputs:
    """What the results of a pair depend on.

    Attributes
    ----------
    files : frozenset of Path
        Sources, captured cases and declared deviations.
    reads : bool
        Whether one of them may read files: all data of the project count then.
    beyond : str
        What in them may look beyond the project; empty where nothing does.
    """

    files: frozenset[Path]
    reads: bool = False
    beyond: str = ""

    def hang_on(self, changed: Iterable[Path]) -> bool:
        """Whether one of some files that changed, or are new, is among them."""
        return any(
            file in self.files or (self.reads and file.suffix not in SOURCES) for file in changed
        )


class InputFinder:
    """Finds what pairs depend on; what it has read it keeps.

    Parameters
    ----------
    project : Project
        The two sides and the cases.
    """

    def __init__(self, project: Project) -> None:
        self._project = project
        self._used: dict[Path, Used] = {}

    def of(self, pair: Pair) -> Inputs:
        """Return what the results of a pair depend on."""
        cases = self._project.cases_file(pair)
        left = [cases.resolve(), *self._sides_of(pair)]
        files: set[Path] = set()
        while left:
            file = left.pop()
            if file not in files:
                files.add(file)
                left += self._uses(file).files
        used = [self._uses(file) for file in sorted(files)]
        beyond = next((one for own in used for one in _beyond(own)), "")
        reads = any(_READS.fullmatch(word) for own in used for word in own.words)
        files |= {captured_file(cases).resolve(), (self._project.cases / FILE).resolve()}
        return Inputs(frozenset(files), reads, beyond)

    def renewed(self, project: Project, changed: Container[Path]) -> "InputFinder":
        """Return one for the project as it is now, which reads again only what changed."""
        found = InputFinder(project)
        found._used = {file: used for file, used in self._used.items() if file not in changed}
        return found

    def _sides_of(self, pair: Pair) -> Iterator[Path]:
        if pair.m_file is not None:
            yield pair.m_file.resolve()
        place = self._project.location(pair.name)
        if place is not None and place.file is not None:
            yield place.file.resolve()
        elif place is not None:
            yield from self._python.module(place.module)

    def _uses(self, file: Path) -> Used:
        if file not in self._used:
            self._used[file] = self._read_m(file) if file.suffix == ".m" else self._read_py(file)
        return self._used[file]

    def _read_m(self, file: Path) -> Used:
        text = _COMMENT.sub("", _text(file))
        words = frozenset(_WORD.findall(text))
        named = [other for word in words for other in self._m_files.get(word, ())]
        return Used(tuple(named), words, tuple(_TEXT.findall(text)))

    def _read_py(self, file: Path) -> Used:
        used = self._python.of(file, _text(file))
        if file.parent != self._project.cases.resolve():
            return used
        named = {word for text in used.texts for word in _WORD.findall(text)} & self._names
        more = [side for name in named for side in self._sides_of(self._project.pair(name))]
        return Used((*used.files, *more), used.words, used.texts)

    @cached_property
    def _python(self) -> PythonUses:
        project = self._project
        ports = {module.root for module in project.port_files.modules if module.root is not None}
        return PythonUses([project.root, *ports, *([project.here] if project.here else [])])

    @cached_property
    def _names(self) -> set[str]:
        try:
            return {pair.name for pair in self._project.pairs()}
        except ProjectError:  # one that is unclear: a run says so
            return set()

    @cached_property
    def _m_files(self) -> dict[str, list[Path]]:
        """The .m files of the project by each word that may stand for them."""
        found: dict[str, list[Path]] = {}
        for folder in self._project.octave:
            for here, files in folders_below(folder):
                for file in (here / name for name in files if name.endswith(".m")):
                    found.setdefault(file.stem, []).append(file.resolve())
                    if here.name.startswith("@"):
                        found.setdefault(here.name[1:], []).append(file.resolve())
        return found


def _beyond(used: Used) -> Iterator[str]:
    yield from sorted(used.words & _BEYOND)
    yield from (text for text in used.texts if _PLACE.match(text))


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8", errors="replace")
    except OSError:  # it is gone: whoever needs it says so
        return ""


def digest_of(inputs: Inputs, data: Iterable[Path]) -> str:
    """Return what changes with any of the files that a pair depends on.

    Parameters
    ----------
    inputs : Inputs
        Of the pair.
    data : iterable of Path
        The data files of the project (see `data_files`).
    """
    digest = sha256()
    for file in sorted(inputs.files):
        text = file.read_bytes() if file.is_file() else b""
        digest.update(f"{file}|{len(text)}|".encode() + text)
    for file in data if inputs.reads else ():
        with contextlib.suppress(OSError):  # it is gone meanwhile
            known = file.stat()
            digest.update(f"{file}|{known.st_size}|{known.st_mtime_ns}|".encode())
    return digest.hexdigest()


def data_files(project: Project) -> list[Path]:
    """Return the files below the project's folder that are no sources."""
    return [
        here / name
        for here, files in folders_below(project.root)
        for name in files
        if not name.endswith(SOURCES)
    ]
