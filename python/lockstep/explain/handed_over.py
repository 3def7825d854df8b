"""What gives a parameter of one of the port's own functions its value: an expression in the caller.

May import `changes`, `nodes_of_tree`, `places`, `port_files`, `sources` and `model`.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass, replace

from lockstep.explain.changes.context import called
from lockstep.explain.nodes_of_tree import find_node, functions_of, place_of, statement_around
from lockstep.explain.places import place_of_site, place_of_statement
from lockstep.explain.port_files import parsed_file
from lockstep.model.execution import Execution, Kind, Site, Span
from lockstep.model.report import Place
from lockstep.sources.python_names import one_line


@dataclass(frozen=True)
class HandedOver:
    """An argument of a call.

    Attributes
    ----------
    expression : ast.expr
        As it stands in the call.
    site : Site
        Of the port, of the statement with the call.
    ends : tuple of int
        By turn, the node of the caller with which the call is over.
    """

    expression: ast.expr
    site: Site
    ends: tuple[int, ...]


def handed_over(port: Execution, number: int) -> HandedOver | None:
    """Find the expression that gives a parameter its values.

    Parameters
    ----------
    port : Execution
        What the port did.
    number : int
        The site of the parameter.

    Returns
    -------
    HandedOver or None
        None where it is given at several places, or in a way that is not plain.
    """
    parameter = port.source.sites[number]
    if parameter.kind is not Kind.ARGUMENT:
        return None
    ends = tuple(_end_of_call(port, node) for node in port.by_site.get(number, ()))
    if not ends or min(ends) < 0:
        return None
    sites = [port.site(node) for node in ends]
    if len({site.statement for site in sites}) > 1:
        return None
    calls = list(_calls(port, parameter, sites[0]))
    expression = _argument(port, parameter, calls[0]) if len(calls) == 1 else None
    return None if expression is None else HandedOver(expression, sites[0], ends)


def _end_of_call(port: Execution, argument: int) -> int:
    """Return the first node of the caller after an argument was given; -1 for none."""
    caller = port.frames[port.nodes[argument].frame].parent
    if caller < 0:
        return -1
    later = range(argument, len(port.nodes))
    return next((one for one in later if port.nodes[one].frame == caller), -1)


def _calls(port: Execution, parameter: Site, site: Site) -> Iterator[ast.Call]:
    """List the calls of a parameter's function in the statement of a site."""
    found = parsed_file(port.source.files[site.function])
    if found is None:
        return
    tree, inside = found[1], find_node(found[1], site.span)
    statement = find_node(tree, port.source.statements[site.statement].span, expression=False)
    if statement is None and inside is not None:
        statement = statement_around(tree, inside)
    for node in () if statement is None else ast.walk(statement):
        if isinstance(node, ast.Call) and called(node) == _plain(parameter.function):
            yield node


def _argument(port: Execution, parameter: Site, call: ast.Call) -> ast.expr | None:
    """Return the expression that a call gives a parameter."""
    if any(isinstance(one, ast.Starred) for one in call.args):
        return None
    for keyword in call.keywords:
        if keyword.arg == parameter.name:
            return keyword.value
    found = parsed_file(port.source.files[parameter.function])
    for function in functions_of(found[1]) if found is not None else ():
        if function.name == _plain(parameter.function):
            names = [one.arg for one in (*function.args.posonlyargs, *function.args.args)]
            place = names.index(parameter.name) if parameter.name in names else len(call.args)
            return call.args[place] if place < len(call.args) else None
    return None


def _plain(function: str) -> str:
    return function.rpartition(".")[2]


def place_handed_over(port: Execution, parameter: int) -> tuple[Place, str]:
    """Return the expression that gives a parameter its value, else the call, with a note."""
    given = handed_over(port, parameter)
    if given is None:
        return _place_of_call(port, parameter), f"it gives {port.source.sites[parameter].name} this"
    place = place_of_statement(port.source, given.site.statement)
    span = Span(*place_of(given.expression))
    return replace(place, span=span, expression=one_line(ast.unparse(given.expression))), ""


def _place_of_call(port: Execution, argument: int) -> Place:
    """Return the place of the call that gives an argument: it ends after its function does.

    Of one that does not end, the statement that the caller had come to.
    """
    node = port.by_site[argument][0]
    after = _end_of_call(port, node)
    if after >= 0:
        return place_of_site(port.source, port.nodes[after].site)
    caller = port.frames[port.nodes[node].frame].parent
    before = next((one for one in port.nodes[node::-1] if one.frame == caller), port.nodes[node])
    return place_of_statement(port.source, port.source.sites[before.site].statement)
