"""What a Python file binds at its top, read from its text: functions first, then what may be one.

May import the standard library only.
"""

import ast
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class Names:
    """What a module binds.

    Attributes
    ----------
    functions, classes, methods, assigned, imported : list of str
        Names; a method as ``Class.method``.
    stars : list of str
        Modules of which everything is imported.
    used : set of str
        Names that its functions read, but for what each reads of itself.
    problem : str
        Why the file cannot be read; empty where it can.
    """

    functions: list[str] = field(default_factory=list)
    classes: list[str] = field(default_factory=list)
    methods: list[str] = field(default_factory=list)
    assigned: list[str] = field(default_factory=list)
    imported: list[str] = field(default_factory=list)
    stars: list[str] = field(default_factory=list)
    used: set[str] = field(default_factory=set)
    problem: str = ""


def read_names(file: Path) -> Names:
    """Read a Python file; one that cannot be read is taken for a function of its own name."""
    names = Names()
    try:
        tree = ast.parse(file.read_bytes())
    except SyntaxError as error:
        names.problem = _where(error)
    except OSError as error:
        names.problem = error.strerror or str(error)
    except ValueError as error:  # a null byte
        names.problem = str(error)
    else:
        _collect(tree.body, names)
        return names
    names.functions.append(file.stem)  # importing it will say what is wrong
    return names


def _where(error: SyntaxError) -> str:
    """Say what a SyntaxError says, with its line."""
    line = f", line {error.lineno}" if error.lineno else ""
    text = f": {error.text.strip()}" if error.text and error.text.strip() else ""
    return f"{type(error).__name__}: {error.msg}{line}{text}"


def _collect(body: Iterable[ast.stmt], names: Names) -> None:
    for node in body:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            names.functions.append(node.name)
            read = {one.id for one in ast.walk(node) if isinstance(one, ast.Name)}
            names.used |= read - {node.name}
        elif isinstance(node, ast.ClassDef):
            names.classes.append(node.name)
            names.methods += [
                f"{node.name}.{one.name}" for one in node.body if isinstance(one, ast.FunctionDef)
            ]
        elif isinstance(node, ast.Assign) and isinstance(
            node.value, (ast.Lambda, ast.Name, ast.Attribute, ast.Call)
        ):
            names.assigned += [t.id for t in node.targets if isinstance(t, ast.Name)]
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            _imports(node, names)
        elif isinstance(node, (ast.If, ast.Try)):
            handlers = [one.body for one in node.handlers] if isinstance(node, ast.Try) else []
            for part in (node.body, *handlers, node.orelse):
                _collect(part, names)


def _imports(node: ast.Import | ast.ImportFrom, names: Names) -> None:
    if isinstance(node, ast.Import):
        return
    for one in node.names:
        if one.name == "*":
            names.stars.append("." * node.level + (node.module or ""))
        else:
            names.imported.append(one.asname or one.name)
