"""Statements that are likelier wrong than the place that heals: left out then, or idle.

A decision turned round, or a small number changed, may lead past the statement that is wrong: that
heals a case, and mends nothing. And what a statement that does nothing has lost may be made up for
in another. May import `model`, `replay`, `suspects`, `project`, `sides`
and `sources`.
"""

import ast
from collections import Counter
from collections.abc import Set
from functools import lru_cache

from lockstep.explain.replay import in_place, run_with
from lockstep.explain.suspects import Blamed
from lockstep.model.execution import Execution, Kind, Statement, StatementKind
from lockstep.project.cases import Case
from lockstep.sides.port_execution import ObservedPort
from lockstep.sources.lost_results import is_lost


def with_values(observed: ObservedPort, blamed: Blamed, case: Case, steps: int) -> Execution:
    """Return what the port does with the values in place with which it agrees."""
    put, last = in_place(blamed.values), len(blamed.values) - 1
    # More turns come about where the error does not: then the last value stays.
    changes = {blamed.site: lambda turn, own: put(min(turn, last), own)}
    return run_with(observed, case, changes, steps)


def left_out(observed: ObservedPort, blamed: Blamed, case: Case, port: Execution) -> set[int]:
    """Return the statements of the port that do not run when a place has other values."""
    if blamed.jumped or blamed.shared or not blamed.values:
        return set()
    healed = with_values(observed, blamed, case, len(port.nodes))
    return statements_of(port) - statements_of(healed)


def idle(port: Execution) -> set[int]:
    """Return the statements that ran and do nothing, or only name again what nobody reads."""
    ran, statements = statements_of(port), port.source.statements
    second = {n for n in ran if is_second_name(statements[n])}
    idle = {n for n in ran if does_nothing(statements[n])}
    return idle | (second & _unread(port) if second else second)


def _unread(port: Execution) -> set[int]:
    """Return the statements that give variables values of which none is read, or returned."""
    used = {one for node in port.nodes for one in node.inputs} | set(port.output_nodes)
    bound = [
        (port.source.sites[site].statement, not used.isdisjoint(nodes))
        for site, nodes in port.by_site.items()
        if port.source.sites[site].kind is Kind.BINDING
    ]
    read = {statement for statement, is_read in bound if is_read}
    return {statement for statement, _ in bound} - read


def emptied(port: Execution, left_out: Set[int]) -> set[int]:
    """Return the conditions that nothing is under but one of the statements that are left out."""
    statements = port.source.statements
    under = Counter(one.parent for one in statements)
    found = set()
    for one in (statements[number] for number in left_out):
        is_all = one.parent >= 0 and under[one.parent] == 1
        if is_all and statements[one.parent].kind is StatementKind.IF and one.branch:
            found |= set() if one.kind is StatementKind.RAISE else {one.parent}
    return found


def does_nothing(statement: Statement) -> bool:
    """Whether a statement gives a variable the value that it has, or its own value to nothing.

    Something was lost there.
    """
    target, _, value = statement.text.partition(" = ")
    if target == value.strip():
        return True
    is_plain = statement.kind is StatementKind.PLAIN and not statement.defines
    return is_plain and _gives_to_nothing(statement.text)


@lru_cache(maxsize=256)
def _gives_to_nothing(text: str) -> bool:
    """Whether a statement gives its value to nothing: asked for each slip of it."""
    try:
        return any(map(is_lost, ast.parse(text).body))
    except SyntaxError:
        return False


def is_second_name(statement: Statement) -> bool:
    """Whether a statement only gives the value of one variable to another."""
    name, _, value = statement.text.partition(" = ")
    return name.isidentifier() and value.isidentifier()


def statements_of(execution: Execution) -> set[int]:
    """Return the statements that gave a value."""
    return {execution.source.sites[site].statement for site in execution.by_site}
