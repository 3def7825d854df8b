"""The functions of `foreign.toml`, and where both sides of them are installed."""

import ast
import functools
import importlib
import inspect
import re
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path

TABLE = Path(__file__).with_name("foreign.toml")

PACKAGES = Path("/usr/share/octave/packages"), Path("/usr/lib")
"""Where Debian puts the packages of Octave, and what is compiled of them."""


@dataclass(frozen=True)
class Entry:
    """A row of the table.

    Attributes
    ----------
    name : str
        Octave's function.
    package : str
        Octave's package; empty for a script of Octave itself.
    python : str
        The module and the function, with a colon between.
    port : str
        The port: head and statements of a function, which has the copy of the module as `m`.
    cases : str
        The arguments, in Python.
    """

    name: str
    python: str
    port: str
    cases: str
    package: str = ""


def entries() -> list[Entry]:
    """Read the table."""
    found = tomllib.loads(TABLE.read_text(encoding="utf-8"))
    return [Entry(name, **fields) for name, fields in found.items()]


@functools.cache
def source(python: str) -> tuple[str, str]:
    """Return the name of a function, and the text of its module, with absolute imports.

    Raises
    ------
    LookupError
        If it is not installed, or not written in Python.
    """
    module, _, name = python.partition(":")
    try:
        found = inspect.unwrap(getattr(importlib.import_module(module), name))
        file = found.__code__.co_filename
    except (ImportError, AttributeError) as error:
        raise LookupError(f"{python} is not there: {error}") from error
    every = (one for one in sys.modules.values() if getattr(one, "__file__", None) == file)
    home = next(every, None)
    if home is None:
        raise LookupError(f"{python} is not written in a file of its own")
    lines = Path(file).read_text(encoding="utf-8").split("\n")
    for node in ast.walk(ast.parse("\n".join(lines))):
        if isinstance(node, ast.ImportFrom) and node.level:
            package = str(home.__package__).split(".")
            above = package[: len(package) - node.level + 1]
            whole = ".".join([*above, *filter(None, [node.module])])
            line = lines[node.lineno - 1]
            lines[node.lineno - 1] = re.sub(r"from\s+\.[\w.]*", f"from {whole}", line, count=1)
    return found.__name__, "\n".join(lines)


def octave_folders(entry: Entry) -> list[Path]:
    """Return the folders that an entry's function is in, its package's compiled part with it.

    Raises
    ------
    LookupError
        If it is not there.
    """
    if entry.package:
        found = [
            folder
            for root in (PACKAGES[0], *sorted(PACKAGES[1].glob("*/octave/packages")))
            for folder in sorted(root.glob(f"{entry.package}-[0-9]*"))
        ]
        compiled = [one for folder in found for one in sorted(folder.glob("*-*-*"))]
        if not found or not (found[0] / f"{entry.name}.m").is_file():
            raise LookupError(f"octave-{entry.package} is not installed")
        return [found[0], *compiled]
    for file in sorted(Path("/usr/share/octave").glob(f"*/m/*/{entry.name}.m")):
        return [file.parent]
    raise LookupError(f"Octave has no script {entry.name}.m")


def lines_of_decorators(tree: ast.Module) -> set[int]:
    """List the lines of functions of a module that its decorators call: they are no computation."""
    functions = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
    found: set[int] = set()
    for function in functions.values():
        named = {
            node.id
            for decorator in function.decorator_list
            for node in ast.walk(decorator)
            if isinstance(node, ast.Name)
        }
        for name in named & functions.keys():
            found |= set(range(functions[name].lineno, functions[name].end_lineno + 1))
    return found
