"""The code of a file with a change: what did not change is compiled once, and used again.

In a loop, and in a function, a probe stops a program that goes on without end. A module may have
thousands of lines, and a change is of one function, so that only the statement at the module's top
which holds the change is compiled anew. May import `sources`, `defaults` and `port_execution`.
"""

import ast
import contextlib
import copy
import functools
from dataclasses import dataclass, field, replace
from types import CodeType
from typing import Any

from lockstep.sides.defaults import written_defaults
from lockstep.sides.port_execution import codes_in
from lockstep.sources.python_expressions import STEP
from lockstep.sources.python_functions import FUNCTIONS
from lockstep.sources.python_names import assigned, assigned_name, first_line, placed

Codes = dict[str, list[CodeType]]
"""The codes of functions by qualified name, those of one name in the order of the text."""


@dataclass(frozen=True)
class ChangedCode:
    """What there is to run of a text.

    Attributes
    ----------
    codes : dict
        Of the functions.
    literals : dict
        The lists, dicts and sets of constants that the module binds at its top.
    defaults : dict
        Of functions and methods, by qualified name and parameter: constants, or `Written`.
    bound : dict
        What gives the variables at the module's top their values that are changed, by their names.
    """

    codes: Codes
    literals: dict[str, Any]
    defaults: dict[str, dict[str, Any]]
    bound: dict[str, CodeType] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Exchange:
    """An expression in the place of another.

    Attributes
    ----------
    tree : ast.Module
        Of the file without the change.
    old, new : ast.expr
        The node of the tree, and what stands in its place.
    """

    tree: ast.Module
    old: ast.expr
    new: ast.expr


def code_with(exchange: Exchange, original: str, file: str) -> ChangedCode:
    """Compile a file with one expression exchanged, which takes less than to write and read it.

    Parameters
    ----------
    exchange : Exchange
        The change.
    original : str
        The text of the file.
    file : str
        As the code is to name it.

    Raises
    ------
    SyntaxError, ValueError, RecursionError
        If it is not Python, or the expression is not in the tree.
    """
    body = exchange.tree.body
    place = next((i for i, one in enumerate(body) if _is_on(exchange.old.lineno, one)), None)
    if place is None:
        raise ValueError(f"{file} has no line {exchange.old.lineno}")
    made, one = _exchanged_in(*_with_parents(exchange.tree, place), exchange), body[place]
    found = _with_definition(one, made, original, file) if isinstance(one, _Definition) else None
    if found is not None:
        return found
    kept = {id(value) for _, value in assigned(one)}
    bound = {n: _value_of(value, file) for n, value in assigned(made) if id(value) not in kept}
    if bound:  # no code of the module's changes
        return replace(_unchanged(original, file), bound=bound)
    whole = probed(exchange.tree)
    whole.body[place] = made
    return _compiled_probed(whole, file)


def _is_on(line: int, statement: ast.stmt) -> bool:
    return line in range(*_lines_of(statement))


def changed_code(text: str, original: str, file: str) -> ChangedCode:
    """Compile a text with a change.

    Parameters
    ----------
    text : str
        With the change.
    original : str
        Without it; empty where that is not known.
    file : str
        As the code is to name it.

    Raises
    ------
    SyntaxError, ValueError, RecursionError
        If it is not Python.
    """
    found = _with_one_changed(text, original, file) if original else None
    if found is not None:
        return found
    tree = ast.parse(text)
    bound = _changed_at_top(tree, _parsed(original), file) if original else {}
    return replace(_compiled(tree, file), bound=bound)


def _value_of(value: ast.expr, file: str) -> CodeType:
    return compile(ast.Expression(value), file, "eval", dont_inherit=True)


def _changed_at_top(tree: ast.Module, before: ast.Module, file: str) -> dict[str, CodeType]:
    """Compile what gives the variables at a module's top their values, where that is another."""
    values = {name: ast.dump(value) for one in before.body for name, value in assigned(one)}
    return {
        name: _value_of(value, file)
        for one in tree.body
        for name, value in assigned(one)
        if values.get(name, "") not in ("", ast.dump(value))
    }


def probed(tree: ast.Module) -> ast.Module:
    """Copy a tree with a probe at the beginning of each loop and function; expressions are kept."""
    return ast.Module([_with_probes(one) for one in tree.body], tree.type_ignores)


_BODIES = "body", "orelse", "finalbody", "handlers", "cases"


def _with_probes(node: Any) -> Any:
    made = copy.copy(node)
    for name in _BODIES:
        inside = getattr(node, name, None)
        if isinstance(inside, list):
            setattr(made, name, [_with_probes(one) for one in inside])
    if isinstance(node, (ast.For, ast.AsyncFor, ast.While, *FUNCTIONS)):
        has_text = isinstance(node, FUNCTIONS) and ast.get_docstring(node, clean=False)
        first = min(int(has_text is not None and has_text is not False), len(node.body) - 1)
        call = ast.Expr(ast.Call(ast.Name(STEP, ast.Load()), [], []))
        made.body.insert(first, placed(call, node.body[first]))
    return made


def by_name(codes: list[CodeType]) -> Codes:
    """Sort codes by their qualified names, those of one name in the order of the text."""
    found: Codes = {}
    for code in sorted(codes, key=lambda one: one.co_firstlineno):
        if code not in found.setdefault(code.co_qualname, []):
            found[code.co_qualname].append(code)
    return found


@functools.lru_cache(maxsize=4)
def defaults_in(text: str) -> dict[str, dict[str, Any]]:
    """Read the defaults that a text has."""
    return written_defaults(_parsed(text))


@functools.lru_cache(maxsize=4)
def _parsed(text: str) -> ast.Module:
    return ast.parse(text)


@functools.lru_cache(maxsize=4)
def _unchanged(text: str, file: str) -> ChangedCode:
    return _compiled(ast.parse(text), file)


def _compiled(tree: ast.Module, file: str) -> ChangedCode:
    return _compiled_probed(probed(tree), file)


def _compiled_probed(tree: ast.Module, file: str) -> ChangedCode:
    code = compile(tree, file, "exec", dont_inherit=True)
    return ChangedCode(by_name(list(codes_in(code))), _literals(tree), written_defaults(tree))


def _with_one_changed(text: str, original: str, file: str) -> ChangedCode | None:
    """Compile the function or class that has the change; None where the change is not in one."""
    found = _changed_statement(text, original)
    if found is None:
        return None
    before, after = found
    return _with_definition(before, probed(ast.Module([after], [])).body[0], original, file)


def _with_definition(
    before: "_Definition", after: ast.stmt, original: str, file: str
) -> ChangedCode | None:
    """Compile one definition of a file anew, which has its probes."""
    whole = _unchanged(original, file)
    future = [
        one
        for one in _parsed(original).body
        if isinstance(one, ast.ImportFrom) and one.module == "__future__"
    ]
    part = _compiled_probed(ast.Module([*future, after], []), file)
    codes = _exchanged(whole.codes, part.codes, range(*_lines_of(before)))
    if codes is None:
        return None
    kept = {k: v for k, v in whole.defaults.items() if k.split(".")[0] != before.name}
    return ChangedCode(codes, whole.literals, {**kept, **part.defaults})


_Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


def _changed_statement(text: str, original: str) -> tuple[_Definition, _Definition] | None:
    """Find the definition at the module's top that has the change, before and after it."""
    old, changed = original.split("\n"), text.split("\n")
    same = _common(old, changed)
    same_at_end = _common(old[same:][::-1], changed[same:][::-1])
    first, last = same + 1, len(old) - same_at_end
    for one in _parsed(original).body:
        start, stop = _lines_of(one)
        if not (isinstance(one, _Definition) and start <= first <= last < stop):
            continue
        lines = changed[start - 1 : stop - 1 + len(changed) - len(old)]
        made = ast.parse("\n" * (start - 1) + "\n".join(lines)).body
        new = made[0] if len(made) == 1 else None
        if isinstance(new, _Definition) and type(new) is type(one) and new.name == one.name:
            return one, new
    return None


_Parents = dict[int, tuple[ast.AST, str, int]]
"""Of a node, by its `id`: what it is a part of, in which field, and where in a list, else -1."""


@functools.lru_cache(maxsize=32)
def _with_parents(tree: ast.Module, place: int) -> tuple[ast.stmt, _Parents]:
    """Return a statement of a module's top with its probes, and what its nodes are in."""
    top: ast.stmt = _with_probes(tree.body[place])
    found: _Parents = {}
    for one in ast.walk(top):
        for name, value in ast.iter_fields(one):
            for number, part in enumerate(value if isinstance(value, list) else [value]):
                if isinstance(part, ast.AST):
                    found[id(part)] = one, name, number if isinstance(value, list) else -1
    return top, found


def _exchanged_in(top: ast.stmt, parents: _Parents, exchange: Exchange) -> ast.stmt:
    """Copy what is around an expression, and put another in its place."""
    made: ast.AST = _with_a_place(exchange.new, exchange.old)
    child: ast.AST = exchange.old
    while child is not top:
        if id(child) not in parents:
            raise ValueError("the expression is not in the tree")
        parent, name, number = parents[id(child)]
        around = copy.copy(parent)
        if number < 0:
            setattr(around, name, made)
        else:
            setattr(around, name, list(getattr(parent, name)))
            getattr(around, name)[number] = made
        made, child = around, parent
    assert isinstance(made, ast.stmt)
    return made


def _with_a_place(new: ast.expr, old: ast.expr) -> ast.expr:
    """Give the nodes of a new expression a place; those of the old tree keep their own."""
    if not hasattr(new, "lineno"):
        ast.copy_location(new, old)
    return ast.fix_missing_locations(new)


def _common(one: list[str], other: list[str]) -> int:
    """Count the lines at the beginning that are the same."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((i for i, (a, b) in pairs if a != b), min(len(one), len(other)))


def _lines_of(node: ast.stmt) -> tuple[int, int]:
    """Return the first line of a statement, decorators included, and that after its last."""
    return first_line(node), (node.end_lineno or node.lineno) + 1


def _exchanged(whole: Codes, part: Codes, lines: range) -> Codes | None:
    """Put codes in the place of those on some lines; None where they are more, or fewer."""
    found = dict(whole)
    for name, codes in whole.items():
        places = [i for i, code in enumerate(codes) if code.co_firstlineno in lines]
        new = part.get(name, [])
        if len(new) != len(places):
            return None
        if new:
            found[name] = list(codes)
            for place, code in zip(places, new, strict=True):
                found[name][place] = code
    return found if part.keys() <= whole.keys() else None


_LITERALS = (ast.List, ast.Dict, ast.Set)


def _literals(tree: ast.Module) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for node in tree.body:
        name = assigned_name(node)
        if isinstance(node, ast.Assign) and isinstance(node.value, _LITERALS) and name:
            with contextlib.suppress(ValueError, TypeError):
                found[name] = ast.literal_eval(node.value)
    return found
