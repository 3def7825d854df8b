"""A part of an array, or of a dict, for which the port binds the whole anew.

May import `change`, `context` and `rewriting`.
"""

import ast
import re
from collections.abc import Iterator

from lockstep.explain.changes.change import Change
from lockstep.explain.changes.context import Context
from lockstep.explain.changes.rewriting import segment

ORDER = 27
KEYS = ("lost-argument",)

MOST_PARTS = 16
"""Ways to write a part of a variable that are tried."""

FIELD = re.compile(r"^\s*\w+\.(\w+)\s*=[^=]", re.MULTILINE)
"""The field of a struct that a statement of Octave gives a value."""

PLAIN = ":, 0", "0", ":, -1", "-1"
"""Parts that are written without any variable."""


def whole_for_part(node: ast.AST, context: Context) -> Iterator[Change]:
    """Give a part of a variable the value that is given to the whole of it."""
    if not isinstance(node, ast.Assign) or len(node.targets) != 1:
        return
    target = node.targets[0]
    if not isinstance(target, ast.Name) or target.id not in context.bound_before(node):
        return
    name = target.id
    reads = (one for one in ast.walk(node.value) if isinstance(one, ast.Name) and one.id == name)
    if any(not isinstance(context.parent(one), ast.Subscript) for one in reads):
        return  # it is brought into another form
    text = segment(context.evidence.text, node.value)
    text = ast.unparse(node.value) if "\n" in text else text
    octave = f"Octave gives a part of {name} this value."
    python = f"The whole of {name} is bound anew, and what it held is lost."
    for part in list(dict.fromkeys(_parts(name, node, context)))[:MOST_PARTS]:
        lines = f"{name}[{part}] = {text}"
        yield Change("lost-argument", node, None, octave, python, lines=lines, is_guess=True)


def _parts(name: str, node: ast.Assign, context: Context) -> Iterator[str]:
    """Write indices: Octave's fields, those of the loops around and of the function, plain ones."""
    yield from _lost_fields(context)
    loops = list(_variables_of_loops(node, context))
    yield from loops
    if len(loops) > 1:
        yield f"{loops[1]}, {loops[0]}"
    for one in ast.walk(context.evidence.function):
        if isinstance(one, ast.Subscript) and _is_name(one.value, name):
            yield ast.unparse(one.slice)
        elif isinstance(one, ast.Call) and _is_method_of(one, name):
            yield from (ast.unparse(key) for key in one.args[:1] if isinstance(key, ast.Constant))
    for loop in loops[:1]:
        yield f":, {loop}"
        yield f"{loop}, :"
    yield from PLAIN


def _lost_fields(context: Context) -> Iterator[str]:
    """Write the fields that Octave gives a value, and that the port gives none."""
    given = {
        one.slice.value
        for one in ast.walk(context.evidence.function)
        if isinstance(one, ast.Subscript)
        and isinstance(one.ctx, ast.Store)
        and isinstance(one.slice, ast.Constant)
    }
    for field in FIELD.findall(context.evidence.octave_function):
        if field not in given:
            yield repr(field)


def _variables_of_loops(node: ast.AST, context: Context) -> Iterator[str]:
    """Name the variables of the loops around a statement, the innermost first."""
    around = context.parent(node)
    while around is not None and not isinstance(around, (ast.FunctionDef, ast.AsyncFunctionDef)):
        if isinstance(around, ast.For):
            names = (one.id for one in ast.walk(around.target) if isinstance(one, ast.Name))
            yield from names
        around = context.parent(around)


def _is_method_of(node: ast.Call, name: str) -> bool:
    return isinstance(node.func, ast.Attribute) and _is_name(node.func.value, name)


def _is_name(node: ast.expr, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name


CHANGES = (whole_for_part,)
