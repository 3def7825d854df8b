"""Where values come from: both executions as graphs, small enough for a page.

The name of a variable that is read stands for the binding that it reads, and a statement for the
whole of its right side. Of a long execution the values nearest to the fault are kept, and what they
were made of; a value whose inputs were left out says so. May import `model`, `explain`,
`finding_text` and `tracing`.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from lockstep.explain.match import Matching
from lockstep.explain.side import Side
from lockstep.explain.tracing import Row
from lockstep.model.execution import Execution, Kind, NotKept
from lockstep.model.report import Finding, Place
from lockstep.page.side_by_side import program_of
from lockstep.reports.finding_text import shown_value

MOST_NODES = 5000
"""Values of each side that are kept."""

AGREES, DIFFERS, UNKNOWN = "agrees", "differs", ""
"""What is known of a value: its counterpart has the same, another, or there is none."""


class Graph:
    """One execution, as it is shown.

    Parameters
    ----------
    execution : Execution
        What the side did.
    """

    def __init__(self, execution: Execution) -> None:
        self._execution = execution

    def shown(self, node: int) -> int:
        """Return the node that is shown for another: of a read what it reads."""
        nodes = self._execution.nodes
        while nodes[node].inputs and self._execution.site(node).kind is Kind.READ:
            node = nodes[node].inputs[0]
        return node

    def inputs(self, node: int) -> list[int]:
        """Return what a node was made of, as it is shown."""
        nodes = self._execution.nodes
        read = nodes[node].inputs
        if self._is_statement(node):
            read = nodes[read[0]].inputs or read
        found = dict.fromkeys(self.shown(one) for one in read)
        found.pop(node, None)
        return list(found)

    def _is_statement(self, node: int) -> bool:
        """Whether a node is a variable that was given the value of one expression."""
        site, read = self._execution.site(node), self._execution.nodes[node].inputs
        if site.kind not in (Kind.BINDING, Kind.RETURN, Kind.DECISION) or len(read) != 1:
            return False
        return self._execution.site(read[0]).kind is Kind.EXPRESSION

    def nearest(self, starts: Sequence[int], most: int) -> dict[int, None]:
        """Return the nodes to keep: the starts with their inputs first, then what is behind them.

        Parameters
        ----------
        starts : sequence of int
            Nodes of steps, the most important first.
        most : int
            How many at most.
        """
        kept = dict.fromkeys(starts)
        for start in starts:
            if len(kept) < most:
                kept.update(dict.fromkeys(self.inputs(start)))
        for start in starts:
            waiting = [start]
            seen: set[int] = set()
            while waiting and len(kept) < most:
                for one in self.inputs(waiting.pop(0)):
                    if one not in seen:
                        seen.add(one)
                        kept[one] = None
                        waiting.append(one)
        return kept


def graphs(
    matching: Matching,
    steps: Sequence[Row],
    found: Sequence[Mapping[str, Any]],
    first: int,
    finding: Finding | None = None,
) -> dict[str, Any]:
    """Return both graphs, with what is known of each value.

    Parameters
    ----------
    matching : Matching
        Both sides.
    steps : sequence of Row
        The steps that are shown.
    found : sequence of mapping
        The programs (see `lockstep.page.side_by_side.programs`).
    first : int
        The step around which values are kept.
    finding : Finding, optional
        What is at fault; its two places stand for each other.
    """
    near = sorted(range(len(steps)), key=lambda place: abs(place - first))
    named = dict(_named(matching, finding))
    pairs = {**dict(_pairs(matching, steps)), **named}
    twins = {theirs: own for own, theirs in pairs.items()}
    marks = {**dict(_marks(matching, steps, pairs)), **dict.fromkeys(named, DIFFERS)}
    octave = {pairs[own]: mark for own, mark in marks.items() if own in pairs}
    sides = []
    for side, key, known, partners, place in (
        (matching.octave, "octave", octave, twins, 0),
        (matching.port, "port", marks, pairs, 1),
    ):
        nodes = [steps[i].nodes[place] for i in near if steps[i].nodes[place] >= 0]
        kept = Graph(side.execution).nearest(nodes, MOST_NODES)
        sides.append(_graph(side.execution, kept, key, found, known, partners))
    return {"octave": sides[0], "port": sides[1]}


def _named(matching: Matching, finding: Finding | None) -> Iterator[tuple[int, int]]:
    """Yield the nodes of the two places that a finding names, at the turn at which they differ."""
    if finding is None or finding.port is None or finding.octave is None:
        return
    own = _nodes_at(matching.port, finding.port)
    theirs = _nodes_at(matching.octave, finding.octave)
    yield from list(zip(own, theirs, strict=False))[finding.turn : finding.turn + 1]


def _nodes_at(side: Side, place: Place) -> Sequence[int]:
    """Return what the expression at a place gave, turn by turn."""
    for site, nodes in side.execution.by_site.items():
        if _is_at(side, site, place):
            return nodes
    return ()


def _is_at(side: Side, site: int, place: Place) -> bool:
    found = side.sites[site]
    file = side.execution.source.files[found.function]
    return found.kind is Kind.EXPRESSION and found.span == place.span and file == place.file


def counterparts(matching: Matching, steps: Sequence[Row]) -> dict[int, int]:
    """Return the node of the port that stands for each of Octave's that has one."""
    return {theirs: own for own, theirs in _pairs(matching, steps)}


def _pairs(matching: Matching, steps: Sequence[Row]) -> Iterator[tuple[int, int]]:
    """Yield nodes of the port with their counterparts; those of steps last, which are sure."""
    for own, partners in matching.partners.items():
        other = _partner(matching, own, partners)
        if other >= 0:
            mine, theirs = (
                side.execution.by_site[site]
                for side, site in ((matching.port, own), (matching.octave, other))
            )
            yield from zip(mine, theirs, strict=True)
    for row in steps:
        if min(row.nodes) >= 0:
            yield row.nodes[1], row.nodes[0]


def _partner(matching: Matching, own: int, partners: Sequence[int]) -> int:
    """Choose the site of Octave that is most like one of the port; -1 where none has its turns."""
    place, turns = matching.port.sites[own], len(matching.port.execution.by_site[own])

    def likeness(other: int) -> tuple[bool, bool]:
        there = matching.octave.sites[other]
        return there.kind is place.kind, matching.is_called(place.name, there.name)

    alike = [one for one in partners if len(matching.octave.execution.by_site[one]) == turns]
    return max(alike, key=likeness, default=-1)


def _marks(
    matching: Matching, steps: Sequence[Row], pairs: Mapping[int, int]
) -> Iterator[tuple[int, str]]:
    """Yield nodes of the port with what is known of them; what the steps say goes last."""
    for node in pairs:
        yield node, AGREES
    for node, same in matching.known.items():
        yield node, AGREES if same else DIFFERS
    for row in steps:
        if min(row.nodes) >= 0:
            yield row.nodes[1], AGREES if row.relation.agrees else _differs(row)


def _differs(row: Row) -> str:
    return DIFFERS if row.relation.value == "different" else UNKNOWN


def _graph(
    execution: Execution,
    kept: Mapping[int, None],
    side: str,
    found: Sequence[Mapping[str, Any]],
    known: Mapping[int, str],
    partners: Mapping[int, int],
) -> dict[str, Any]:
    graph = Graph(execution)
    sites: dict[int, int] = {}
    texts: dict[str, int] = {}
    nodes = {}
    for node in sorted(kept):
        site = sites.setdefault(execution.nodes[node].site, len(sites))
        value = texts.setdefault(_value(execution.nodes[node].value), len(texts))
        inputs = graph.inputs(node)
        nodes[str(node)] = [
            site,
            value,
            [one for one in inputs if one in kept],
            sum(one not in kept for one in inputs),
            known.get(node, UNKNOWN),
            partners.get(node, -1),
        ]
    described = [_site(execution, number, side, found) for number in sites]
    return {"nodes": nodes, "sites": described, "values": list(texts)}


def _value(value: Any) -> str:
    if isinstance(value, NotKept):
        return f"not kept: {value.why}"
    try:
        return shown_value(value)
    except Exception as error:  # a class of the port's that raises when it is looked at
        return f"cannot be shown: {type(error).__name__}"


def _site(
    execution: Execution, number: int, side: str, found: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    site = execution.source.sites[number]
    statement = execution.source.statements[site.statement]
    name = "" if site.kind in (Kind.DECISION, Kind.RETURN) else site.name
    is_own = site.kind in (Kind.EXPRESSION, Kind.READ, Kind.RETURN)
    text = site.text if is_own else statement.text
    if site.kind in (Kind.ARGUMENT, Kind.DEFAULT):
        text = site.name
    return {
        "kind": site.kind,
        "name": name,
        "text": text,
        "program": program_of(found, side, execution.source.files[site.function]),
        "function": site.function,
        "lines": [statement.span.line, statement.span.last_line],
    }
