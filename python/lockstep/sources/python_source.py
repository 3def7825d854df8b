"""A Python module as sites and statements, and the same module with a probe around each.

`read_module` reads a whole module: functions, nested functions, methods and lambdas alike. What is
at the top of a module or of a class runs once, at its import, and is left alone. May import
`python_expressions`, `python_functions` and `python_names`.
"""

import ast
import tokenize
from collections.abc import Iterable
from pathlib import Path

from lockstep.sources.python_expressions import Tables, Text
from lockstep.sources.python_functions import FUNCTIONS, Function, Module
from lockstep.sources.python_names import targets


def read_module(file: Path, label: str, tables: Tables) -> ast.Module:
    """Read a module, add its sites to `tables`, and return its tree with probes.

    Parameters
    ----------
    file : Path
        The module.
    label : str
        What stands before the names of its functions; empty for the module of the port itself.
    tables : Tables
        Of all modules read so far.

    Raises
    ------
    OSError, UnicodeDecodeError, SyntaxError
        If it cannot be read.
    """
    with tokenize.open(file) as opened:
        text = opened.read()
    return read_text(text, file, label, tables)


def read_text(text: str, file: Path, label: str, tables: Tables) -> ast.Module:
    """Read the text of a module, as it is in `file` or as it may be one day.

    Parameters
    ----------
    text : str
        The source.
    file, label, tables : Path, str, Tables
        As for `read_module`.

    Raises
    ------
    SyntaxError
        If it is not Python.
    """
    tree = ast.parse(text, str(file))
    lines = Text(file, text.split("\n"))
    _instrument(Module(tables, lines, label, _module_data(tree)), tree.body, "")
    return ast.fix_missing_locations(tree)


def _module_data(tree: ast.Module) -> frozenset[str]:
    """Name the variables of a module: what it binds otherwise than by import, def and class."""
    return frozenset(
        name
        for node in tree.body
        if isinstance(node, (ast.Assign, ast.AnnAssign, ast.AugAssign))
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
        for name in targets(target)
    )


def _instrument(module: Module, body: Iterable[ast.AST], prefix: str) -> None:
    """Put probes into the functions and methods that a module's or class's body defines."""
    for node in body:
        if isinstance(node, FUNCTIONS):
            Function(module, f"{prefix}{node.name}", frozenset()).instrument(node)
        elif isinstance(node, ast.ClassDef):
            _instrument(module, node.body, f"{prefix}{node.name}.")
        else:
            for inner in ("body", "orelse", "handlers", "finalbody", "cases"):
                _instrument(module, getattr(node, inner, []), prefix)
