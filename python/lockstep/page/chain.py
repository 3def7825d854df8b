"""The chain rule as a graph: from a value back to another, with the derivative at each step.

May import `model`, `project`, `tracing`, `derivatives` and `origins`.
"""

import heapq
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from lockstep.model.execution import Execution, Kind
from lockstep.page.derivatives import NotDerivedError, number, partials
from lockstep.page.origins import counterparts
from lockstep.project.views import Chain
from lockstep.tracing import Traced

MOST_PATHS = 12
"""Ways that are written out as products."""

BY = -1
"""Stands for that by which is derived, wherever it was read."""


def chain_data(view: Chain, traced: Traced) -> dict[str, Any]:
    """Return the graph of a chain, its ways, and what the program itself has for it.

    Parameters
    ----------
    view : Chain
        The two ends.
    traced : Traced
        The case.
    """
    found: dict[str, Any] = {"of": view.of, "by": view.by, "beside": view.beside, "note": ""}
    octave = traced.octave
    start = _first(octave, view.of)
    if start < 0:
        return {**found, "note": f"{view.of} was given no value in this case"}
    ways = Ways(octave, start, view.by)
    try:
        ways.follow()
    except (NotDerivedError, ZeroDivisionError, ValueError, OverflowError) as error:
        return {**found, "note": str(error)}
    if BY not in ways.edges[start] and not ways.leads(start):
        return {**found, "note": f"{view.of} does not depend on {view.by}"}
    paths = list(ways.paths(start))
    return {
        **found,
        **ways.drawn(start, view),
        "paths": [_path(ways, path, view) for path in paths[:MOST_PATHS]],
        "more": max(0, len(paths) - MOST_PATHS),
        "total": sum(ways.product(path) for path in paths),
        "recorded": _recorded(traced, start, view.beside),
    }


def _first(execution: Execution, text: str, frame: int | None = None) -> int:
    """Return the first node that gave a variable or field its value; -1 for none."""
    for place, node in enumerate(execution.nodes):
        site = execution.site(place)
        is_it = site.kind is Kind.BINDING and text in (site.text, site.name)
        if is_it and frame in (None, node.frame):
            return place
    return -1


@dataclass
class Ways:
    """The ways from one value back to another.

    Attributes
    ----------
    execution : Execution
        What the side did.
    start : int
        The binding to begin with.
    by : str
        The text of what they lead to.
    edges : dict
        Of each binding on a way the next ones, and the derivative by each.
    """

    execution: Execution
    start: int
    by: str
    edges: dict[int, dict[int, float]] = field(default_factory=dict)

    def follow(self) -> None:
        """Find the ways; what leads nowhere is dropped."""
        waiting = [self.start]
        while waiting:
            point = waiting.pop()
            if point != BY and point not in self.edges:
                self.edges[point] = self._next(point)
                waiting += self.edges[point]
        for point, edges in self.edges.items():
            self.edges[point] = {
                end: factor for end, factor in edges.items() if end == BY or self.leads(end)
            }

    def leads(self, point: int) -> bool:
        """Whether a binding depends on what is derived by."""
        edges = self.edges.get(point, {})
        return BY in edges or any(self.leads(end) for end in edges if end != BY)

    def _next(self, point: int) -> dict[int, float]:
        """Return the bindings that one was made of, and the derivative by each."""
        begin = self.execution.nodes[point].inputs[:1]
        if not begin:
            return {}
        sums = {begin[0]: 1.0}
        waiting = [-begin[0]]
        found: dict[int, float] = {}
        while waiting:
            node = -heapq.heappop(waiting)
            weight = sums.pop(node)
            end = self._end(node)
            if end is not None:
                found[end] = found.get(end, 0.0) + weight
                continue
            for one, factor in self._partials(node):
                if one not in sums:
                    heapq.heappush(waiting, -one)
                sums[one] = sums.get(one, 0.0) + weight * factor
        return found

    def _end(self, node: int) -> int | None:
        """Return where a way ends for now: what is derived by, or a binding of the function."""
        site, frame = self.execution.site(node), self.execution.nodes[node].frame
        here = frame == self.execution.nodes[self.start].frame
        if here and site.text == self.by and site.kind in (Kind.EXPRESSION, Kind.READ):
            return BY
        if here and site.kind is Kind.BINDING:
            return BY if site.text == self.by else node
        return None

    def _partials(self, node: int) -> Iterator[tuple[int, float]]:
        site = self.execution.site(node)
        if site.kind is Kind.EXPRESSION and site.name == "attribute":
            set_by = self._setter(node)
            if set_by >= 0:
                yield set_by, 1.0
            return
        yield from partials(self.execution, node)

    def _setter(self, node: int) -> int:
        """Return the binding that gave the field that a node reads its value; -1 for none."""
        wanted = self.execution.site(node).text
        nodes = self.execution.nodes
        version = nodes[node].inputs[0]
        while version >= 0:
            site = self.execution.site(version)
            if site.kind is Kind.BINDING and site.text == wanted:
                return version
            inputs = nodes[version].inputs
            if site.kind is Kind.READ:
                version = inputs[0] if inputs else -1
            else:
                version = inputs[-1] if site.kind is Kind.BINDING and len(inputs) > 1 else -1
        return -1

    def paths(self, point: int) -> Iterator[list[int]]:
        """Yield the ways from a binding to what is derived by."""
        for end in self.edges[point]:
            for rest in [[BY]] if end == BY else self.paths(end):
                yield [point, *rest]

    def product(self, path: list[int]) -> float:
        """Return the product of the factors of a way."""
        return math.prod(self.edges[one][other] for one, other in pairwise(path))

    def drawn(self, start: int, view: Chain) -> dict[str, Any]:
        """Return the points, in layers from the start, and the edges between them."""
        layers = {start: 0}
        for path in self.paths(start):
            for layer, point in enumerate(path):
                layers[point] = max(layer, layers.get(point, 0))
        order = sorted(layers, key=lambda point: (layers[point], point))
        rows: dict[int, int] = {}
        points = []
        for point in order:
            layer = layers[point]
            row = rows[layer] = rows.get(layer, -1) + 1
            label, value = self.label(point, view), self._value(point)
            points.append({"label": label, "value": value, "layer": layer, "row": row})
        edges = [
            {"from": order.index(point), "to": order.index(end), "factor": factor}
            for point in order
            for end, factor in self.edges.get(point, {}).items()
        ]
        many = {"layers": max(rows) + 1, "rows": max(rows.values()) + 1}
        return {"points": points, "edges": edges, **many}

    def label(self, point: int, view: Chain) -> str:
        """Name a point by its variable or field."""
        if point == BY:
            return view.by
        site = self.execution.site(point)
        return site.name if site.whole else site.text.rpartition(".")[2]

    def _value(self, point: int) -> float:
        nodes = self.execution.nodes
        if point != BY:
            return number(nodes[nodes[point].inputs[0]].value)
        frame = nodes[self.start].frame
        return next(
            number(node.value)
            for i, node in enumerate(nodes)
            if node.frame == frame and self.execution.site(i).text == self.by
        )


def _path(ways: Ways, path: list[int], view: Chain) -> dict[str, Any]:
    return {
        "labels": [ways.label(point, view) for point in path],
        "factors": [ways.edges[one][other] for one, other in pairwise(path)],
        "product": ways.product(path),
    }


def _recorded(traced: Traced, start: int, name: str) -> Mapping[str, float]:
    """Return what both sides computed themselves, as far as it was found."""
    octave = traced.octave
    node = _first(octave, name, octave.nodes[start].frame) if name else -1
    if node < 0:
        return {}
    found = {"octave": number(octave.nodes[octave.nodes[node].inputs[0]].value)}
    twin = counterparts(traced.matching, traced.rows).get(octave.nodes[node].inputs[0], -1)
    if twin >= 0:
        found["port"] = number(traced.port.nodes[twin].value)
    return found
