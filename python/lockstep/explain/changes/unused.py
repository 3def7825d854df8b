"""What is never used, and belongs somewhere: an argument, or a result.

May import `change`, `context`, `rewriting` and `sources`.
"""

import ast
import builtins
from collections.abc import Iterator, Mapping
from functools import lru_cache

from lockstep.explain.changes.change import Change
from lockstep.explain.changes.context import Context, constant
from lockstep.explain.changes.rewriting import segment
from lockstep.sources.lost_results import is_lost
from lockstep.sources.python_names import dotted_base, read_names

ORDER = 19
KEYS = ("lost-argument", "unassigned")


_read_in = lru_cache(maxsize=32)(read_names)
"""What a function reads: asked for each of its nodes."""


def unused(node: ast.AST, context: Context) -> Iterator[Change]:
    """Hand on a parameter that nothing reads, or put it in the place of a number."""
    is_number = isinstance(node, ast.Constant) and isinstance(node.value, (int, float))
    if not is_number and not isinstance(node, ast.Call):
        return
    for name in _unused_parameters(node, context):
        octave = f"Octave uses {name}."
        python = f"The port is given {name} and does not use it."
        given = ast.Name(name, ast.Load())
        if isinstance(node, ast.Call):
            for argument in (given, context.make("int(X)", X=given)):
                new: ast.expr = ast.Call(node.func, [*node.args, argument], node.keywords)
                yield Change("lost-argument", node, new, octave, python)
        elif constant(node) is not None:
            python += f" It has {ast.unparse(node)} here."
            yield Change("lost-argument", node, given, octave, python)


MOST_CONTAINERS = 16
"""Variables and attributes that are asked for what a parameter that nothing reads is the key of."""


def chosen(node: ast.AST, context: Context) -> Iterator[Change]:
    """Take that entry of a table, in place of a variable, whose key nothing reads."""
    if not isinstance(node, (ast.Name, ast.Attribute)) or not isinstance(node.ctx, ast.Load):
        return
    around = context.parent(node)
    is_named = isinstance(around, ast.Call) and around.func is node
    if is_named or isinstance(around, ast.Attribute):
        return
    for name in _unused_parameters(node, context):
        key = ast.Name(name, ast.Load())
        for table in _tables(context)[:MOST_CONTAINERS]:
            new = context.make("X[Y]", X=table, Y=key)
            octave = f"Octave takes another one for each {name}."
            python = f"The port is given {name} and does not use it."
            yield Change("lost-argument", node, new, octave, python)


def _tables(context: Context) -> list[ast.expr]:
    """List the tables among the variables, and the attributes of the method's own object."""
    first = context.evidence.first
    variables = {} if first is None else first.variables
    found: dict[str, ast.expr] = {
        name: ast.Name(name, ast.Load())
        for name, value in variables.items()
        if isinstance(value, (dict, list, tuple))
    }
    parameters = context.evidence.function.args.args
    own = parameters[0].arg if parameters else ""
    is_method = isinstance(context.parent(context.evidence.function), ast.ClassDef)
    for one in ast.walk(context.evidence.tree) if is_method else ():
        if isinstance(one, ast.Attribute) and ast.unparse(one.value) == own:
            found[one.attr] = ast.Attribute(ast.Name(own, ast.Load()), one.attr, ast.Load())
    return list(found.values())


def _unused_parameters(node: ast.AST, context: Context) -> Iterator[str]:
    """Name the parameters of the functions around a node that nothing in them reads."""
    around = context.parent(node)
    while around is not None:
        if isinstance(around, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield from _unread(around)
        around = context.parent(around)


@lru_cache(maxsize=32)
def _unread(function: ast.FunctionDef | ast.AsyncFunctionDef) -> tuple[str, ...]:
    """Name the parameters of a function that nothing in it reads: asked for each of its nodes."""
    used = _read_in(function)
    args = function.args
    given = [*args.posonlyargs, *args.args, *args.kwonlyargs]
    return tuple(one.arg for one in given if one.arg not in used | {"self", "cls"})


MOST_IN_VAIN = 4
"""Values that nothing reads that are put in the place of others."""


def in_vain(node: ast.AST, context: Context) -> Iterator[Change]:
    """Read what is given a value, and nothing reads, in the place of another value."""
    around = context.parent(node)
    is_value = isinstance(node, (ast.Name, ast.Attribute, ast.Call, ast.Subscript, ast.Constant))
    is_named = isinstance(around, ast.Attribute) or getattr(around, "func", None) is node
    if not is_value or is_named or isinstance(getattr(node, "ctx", None), ast.Store):
        return
    for new in _given_in_vain(context)[:MOST_IN_VAIN]:
        name = ast.unparse(new)
        octave, python = (
            f"Octave uses {name}.",
            f"The port gives {name} a value, and nothing reads it.",
        )
        yield Change("lost-argument", node, new, octave, python)


def _given_in_vain(context: Context) -> list[ast.expr]:
    """List the variables of the function, and the attributes of its object, that nothing reads."""
    function = context.evidence.function
    given = {one.arg for one in ast.walk(function.args) if isinstance(one, ast.arg)}
    bound = sorted(context.bound_before(context.evidence.statement) - _read_in(function) - given)
    found: list[ast.expr] = [ast.Name(one, ast.Load()) for one in bound if one.strip("_")]
    own = function.args.args[0].arg if function.args.args else ""
    if own and isinstance(context.parent(function), ast.ClassDef):
        found = [one for one in found if ast.unparse(one) != own]
        of_own = ast.Name(own, ast.Load())
        found += [ast.Attribute(of_own, one, ast.Load()) for one in _lost(context.evidence.tree)]
    return found


@lru_cache(maxsize=32)
def _lost(tree: ast.Module) -> tuple[str, ...]:
    """Name the attributes that a module gives a value, and reads nowhere."""
    every = [one for one in ast.walk(tree) if isinstance(one, ast.Attribute)]
    read = {one.attr for one in every if isinstance(one.ctx, ast.Load)}
    return tuple(dict.fromkeys(one.attr for one in every if one.attr not in read))


def unassigned(node: ast.AST, context: Context) -> Iterator[Change]:
    """Give a variable the result that a statement gives to nothing."""
    first = context.evidence.first
    variables = {} if first is None else first.variables
    if not is_lost(node) and not _calls_a_function(node, variables):
        return
    names = [one.id for one in ast.walk(node) if isinstance(one, ast.Name)]
    text = segment(context.evidence.text, node)
    parts = [
        segment(context.evidence.text, one)
        for one in ast.walk(node)
        if isinstance(one, ast.Subscript) and isinstance(context.parent(one), ast.Call)
    ]
    for name in dict.fromkeys((*parts, *(one for one in names if one in variables))):
        octave = f"Octave gives {name} the result."
        python = "The port computes it and gives it to nothing."
        yield Change("unassigned", node, None, octave, python, lines=f"{name} = {text}")


def _calls_a_function(statement: ast.AST, variables: Mapping[str, object]) -> bool:
    """Whether a statement gives values to a function of the port's, or of a module."""
    if not isinstance(statement, ast.Expr) or not isinstance(statement.value, ast.Call):
        return False
    base = dotted_base(statement.value.func)
    is_function = base != "" and base not in variables and not hasattr(builtins, base)
    return is_function and bool(statement.value.args)


CHANGES = (unused, chosen, in_vain, unassigned)
