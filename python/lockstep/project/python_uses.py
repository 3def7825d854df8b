"""Which files a Python file imports, and which words and texts stand in it; nothing is run.

Of a package that is installed the version says what it is: its files are not named. May import
`m_files` and `model`.
"""

import ast
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from lockstep.model.installed import is_library
from lockstep.project.m_files import folders_below

_OWN = "lockstep"


@dataclass(frozen=True)
class Used:
    """What stands in a file of either language.

    Attributes
    ----------
    files : tuple of Path
        Those that it uses.
    words : frozenset of str
        Its names, without comments.
    texts : tuple of str
        Its texts, without documentation.
    """

    files: tuple[Path, ...]
    words: frozenset[str]
    texts: tuple[str, ...]


class PythonUses:
    """Looks up what Python files import.

    Parameters
    ----------
    roots : iterable of Path
        Folders that names of modules start from, beside that of the file itself.
    """

    def __init__(self, roots: Iterable[Path]) -> None:
        self._roots = [root.resolve() for root in roots]
        self._packages: dict[str, list[Path]] = {}

    def of(self, file: Path, text: str) -> Used:
        """Return what a file uses; of one that is no Python, nothing."""
        try:
            tree = ast.parse(text)
        except (SyntaxError, ValueError):  # importing it says what is wrong
            return Used((), frozenset(), ())
        words = frozenset(_words(tree))
        found: list[Path] = []
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                for one in node.names:
                    found += self._module(one.name, file.parent, words)
            elif isinstance(node, ast.ImportFrom):
                found += self._imported_from(node, file, words)
        return Used(tuple(dict.fromkeys(found)), words, tuple(_texts(tree)))

    def module(self, name: str) -> list[Path]:
        """Return the files of a module that Python finds by itself."""
        return self._module(name, None, frozenset())

    def _imported_from(
        self, node: ast.ImportFrom, file: Path, words: frozenset[str]
    ) -> Iterator[Path]:
        names = frozenset(one.name for one in node.names) | words
        if not node.level:
            yield from self._module(node.module or "", file.parent, names)
            return
        start = file.parent
        for _ in range(node.level - 1):
            start = start.parent
        yield from _below(start, (node.module or "").split(".") if node.module else [], names)

    def _module(self, name: str, beside: Path | None, words: frozenset[str]) -> list[Path]:
        top, *rest = name.split(".")
        if top in sys.stdlib_module_names or top == _OWN:
            return []
        for root in (*([beside] if beside else []), *self._roots):
            if (root / top).is_dir() or (root / f"{top}.py").is_file():
                return list(_below(root, [top, *rest], words))
        if top not in self._packages:
            self._packages[top] = list(_sources_of(top))
        return self._packages[top]


def _below(start: Path, parts: list[str], words: frozenset[str]) -> Iterator[Path]:
    """Yield the files that importing a dotted name runs, and modules of it that are words."""
    place = start
    for part in parts:
        yield from _if_there(place / f"{part}.py")
        place = place / part
        yield from _if_there(place / "__init__.py")
    if place.is_dir():
        for word in words:
            yield from _if_there(place / f"{word}.py")
            yield from _if_there(place / word / "__init__.py")


def _if_there(file: Path) -> Iterator[Path]:
    if file.is_file():
        yield file.resolve()


def _sources_of(package: str) -> Iterator[Path]:
    """Yield the sources of a package that is used from where it is written."""
    try:
        spec = find_spec(package)
    except (ImportError, ValueError):
        return
    if spec is None or not spec.origin or is_library(spec.origin):
        return
    origin = Path(spec.origin).resolve()
    if origin.name != "__init__.py":
        yield origin
        return
    for here, files in folders_below(origin.parent):
        yield from (here / name for name in files if name.endswith(".py"))


def _words(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name) | ast.Attribute(attr=name):
                yield name
            case ast.Import(names=names) | ast.ImportFrom(names=names):
                for one in names:
                    yield from one.name.split(".")
                if isinstance(node, ast.ImportFrom):
                    yield from (node.module or "").split(".")


def _texts(tree: ast.AST) -> Iterator[str]:
    documentation = {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(tree):
        match node:
            case ast.Constant(value=str(text)) if id(node) not in documentation:
                yield text
