"""Which values of the port its wrong outputs, or its error, may come from: the nearest first.

May import `model`.
"""

from collections.abc import Iterator, Sequence

from lockstep.model.execution import Execution, Kind, StatementKind


def cones(port: Execution, outputs: Sequence[int]) -> list[set[int]]:
    """Collect nodes that may be at fault, each set within the next.

    Parameters
    ----------
    port : Execution
        Of the port.
    outputs : sequence of int
        Nodes that gave a wrong output; empty where the port raised an error.

    Returns
    -------
    list of set of int
        Of an error, what the statement read that raised it, without what decided on that. Then
        what the outputs or the error come from, and what decides in the functions where they do.
        Then all other decisions, with what they come from; of an error, all there is.
    """
    decisions = [i for i in range(len(port.nodes)) if port.site(i).kind is Kind.DECISION]
    if outputs:
        near = _near(port, outputs, decisions)
        return [near, near | _sources(port, decisions)]
    roots, every = list(_read_last(port)), set(range(len(port.nodes)))
    if not roots:
        return [every]
    return [_sources(port, roots, decided=False), _near(port, roots, decisions), every]


def comes_from(port: Execution, site: int) -> set[int]:
    """Collect the statements that the values of a site come from, with what decided on them."""
    nodes = _sources(port, port.by_site.get(site, ()))
    return {port.site(one).statement for one in nodes}


def decided_by(port: Execution, statement: int) -> set[int]:
    """Collect the statements that the decisions of a statement come from."""
    decisions = (one for one in port.source.sites if one.kind is Kind.DECISION)
    own = (one.number for one in decisions if one.statement == statement)
    return set().union(*(comes_from(port, one) for one in own))


def _near(port: Execution, roots: Sequence[int], decisions: Sequence[int]) -> set[int]:
    found = _sources(port, roots)
    frames = {port.nodes[node].frame for node in found}
    for frame in list(frames):
        frames.update(_callers(port, frame))
    return found | {node for node in decisions if port.nodes[node].frame in frames}


def _callers(port: Execution, frame: int) -> Iterator[int]:
    while (frame := port.frames[frame].parent) >= 0:
        yield frame


def _read_last(port: Execution) -> Iterator[int]:
    """Yield what the statement read that raised an error; of one on purpose, what decided on it."""
    if port.error_statement < 0 or not port.nodes:
        return
    statement, frame = port.source.statements[port.error_statement], port.nodes[-1].frame
    numbers = {statement.number}
    if statement.kind is StatementKind.RAISE:
        numbers.add(statement.parent)
    for i, node in enumerate(port.nodes):
        if node.frame == frame and port.site(i).statement in numbers:
            yield i


def _sources(port: Execution, roots: Sequence[int], *, decided: bool = True) -> set[int]:
    """Collect what nodes come from: what they read, and what decided that they came about."""
    found: set[int] = set()
    todo = list(roots)
    while todo:
        node = todo.pop()
        if node not in found and node >= 0:
            found.add(node)
            todo += port.nodes[node].inputs
            todo += [port.nodes[node].decision] * decided
    return found
