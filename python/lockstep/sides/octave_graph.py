"""Builds the graph of an execution from what the instrumented copies recorded, one after the other.

May import `model`, `sources` and `octave_records`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from lockstep.model.changed import since
from lockstep.model.execution import (
    Execution,
    Frame,
    Kind,
    Node,
    NotKept,
    Site,
    Statement,
    StatementKind,
)
from lockstep.sides.octave_records import Record
from lockstep.sources.octave_source import OctaveSource, TracedFunction


@dataclass(eq=False)
class _Call:
    """A call of a traced function, while and after it runs."""

    number: int
    function: TracedFunction
    depth: int
    site: int
    """Where its caller called it; -1 where that is not known."""
    argument_inputs: list[tuple[int, ...]]
    versions: dict[str, int] = field(default_factory=dict)
    """The node that made the present version of each variable."""
    last: dict[int, int] = field(default_factory=dict)
    """The last node of each site."""
    reads: dict[int, int] = field(default_factory=dict)
    """Nodes of reads that were made when a call was entered, before that of the call itself."""
    ended: list["_Call"] = field(default_factory=list)
    """Calls that it made, whose nodes are still to come."""
    returns: list[int] = field(default_factory=list)


class GraphBuilder:
    """Reads records into an execution.

    Parameters
    ----------
    source : OctaveSource
        What was traced.
    """

    def __init__(self, source: OctaveSource) -> None:
        self.source = source
        self.sites = source.source.sites
        self.statements = source.source.statements
        self.execution = Execution(source.source)
        self.nodes = self.execution.nodes
        self.stack: list[_Call] = []
        self.calls: dict[int, _Call] = {}
        self.deciding: dict[int, int] = {}
        """Of a compound statement, the site of its decision or loop variable."""
        for site in self.sites:
            kind = self.statements[site.statement].kind
            loop = site.kind is Kind.BINDING and kind is StatementKind.FOR
            if site.kind is Kind.DECISION or loop:
                self.deciding.setdefault(site.statement, site.number)
        self.by_line = _by_line(self.statements)
        self.sites_of: dict[int, list[int]] = {}
        for site in self.sites:
            if site.kind is Kind.EXPRESSION:
                self.sites_of.setdefault(site.statement, []).append(site.number)

    def build(self, found: Sequence[Record]) -> Execution:
        """Make the nodes and frames of the records."""
        for place, (site, frame, value) in enumerate(found):
            if site == 0 and isinstance(value, np.ndarray) and value.size:
                self._enter(frame, value)
                continue
            call = self._active(frame)
            if call is None:
                continue
            if site == 0:
                self._leave(call)
            else:
                self._record(call, self.sites[site - 1], value, found, place)
        return self.execution

    def finish(self, outputs: Sequence[Any]) -> None:
        """Say which nodes gave the outputs of the call."""
        first = next(iter(self.calls.values()), None)
        if first is None:
            self.execution.output_nodes = [-1] * len(outputs)
            return
        if first.function.is_script:
            site = self.sites[first.function.returns[0]]
            inputs = tuple(sorted(first.versions.values()))
            self.execution.output_nodes = [self._node(first, site, outputs[0], inputs)]
            return
        by_name = {self.sites[self.nodes[node].site].name: node for node in first.returns}
        positions = [str(k) for k in range(len(outputs))]
        names = [one.name for one in first.function.tree.outputs]
        if names and names[-1] == "varargout":
            positions = [str(min(k, len(names) - 1)) for k in range(len(outputs))]
        self.execution.output_nodes = [by_name.get(position, -1) for position in positions]
        for node, output in zip(self.execution.output_nodes, outputs, strict=True):
            site_name = self.sites[self.nodes[node].site].text if node >= 0 else "varargout"
            if site_name != "varargout":
                self.nodes[node].value = output

    # Calls

    def _active(self, frame: int) -> _Call | None:
        """Find the call that a record belongs to, and end those above it."""
        if frame < 0:
            above = [one for one in self.stack if one.function.number == -frame]
            call = above[-1] if above else None
        else:
            call = self.calls.get(frame)
        if call is None or call not in self.stack:
            return None
        while self.stack[-1] is not call:
            self.stack.pop()
        return call

    def _enter(self, frame: int, value: Any) -> None:
        function, given, height, *places = (int(n) for n in value.ravel())
        depth = height - 1
        while self.stack and self.stack[-1].depth >= depth:
            self.stack.pop()
        caller = self.stack[-1] if self.stack else None
        traced = self.source.functions[function - 1]
        site, inputs = -1, []
        if caller is not None:
            site = self._call_site(caller, traced, places[height - caller.depth])
            inputs = self._argument_inputs(caller, site, traced)
        number = len(self.execution.frames)
        parent = -1 if caller is None else caller.number
        self.execution.frames.append(Frame(traced.name, parent=parent))
        call = _Call(number, traced, depth, site, inputs)
        if caller is not None and (traced.is_script or traced.tree in caller.function.tree.nested):
            call.versions = caller.versions  # the variables are the same
        if caller is not None:
            caller.ended.append(call)
        self.stack.append(call)
        self.calls[frame] = call
        for default, one in list(zip(traced.defaults, traced.tree.parameters, strict=True))[given:]:
            if default >= 0 and one.name != "varargin":
                self._node(call, self.sites[default], NotKept("not given"), ())

    def _call_site(self, caller: _Call, called: TracedFunction, line: int) -> int:
        """Find the expression that called: of several, the one that gave a value longest ago."""
        statements = self.by_line.get((caller.function.name, line), [])
        sites = [site for number in statements for site in self.sites_of.get(number, [])]
        own_name = called.tree.name or called.name
        named = [site for site in sites if self.source.calls.get(site) == own_name]
        others = [
            site for site in sites if site in self.source.calls or self.sites[site].name == "index"
        ]
        return min(named or others, key=lambda site: caller.last.get(site, -1), default=-1)

    def _argument_inputs(
        self, caller: _Call, site: int, called: TracedFunction
    ) -> list[tuple[int, ...]]:
        """Return the nodes of the arguments of a call that begins, by position."""
        if site < 0:
            return []
        found: dict[int, tuple[int, ...]] = {}
        since = caller.last.get(site, -1)
        for part in self.sites[site].parts:
            found[part] = tuple(self._resolve(caller, part, since))
            if self.sites[part].kind is Kind.READ and found[part]:
                caller.reads[part] = found[part][0]
        arguments = self.source.arguments.get(site)
        own_name = called.tree.name or called.name
        if arguments and self.source.calls.get(site) == own_name:
            return [tuple(n for part in parts for n in found[part]) for parts in arguments]
        everything = tuple(node for nodes in found.values() for node in nodes)
        return [everything] * len(called.arguments)

    def _leave(self, call: _Call) -> None:
        """Make the nodes of what a call returns."""
        self.stack.pop()
        header = call.function
        for site, one in zip(header.returns, header.tree.outputs, strict=False):
            version = call.versions.get(one.name)
            if version is not None:
                node = self._node(call, self.sites[site], self.nodes[version].value, (version,))
                call.returns.append(node)
        caller = self.stack[-1] if self.stack else None
        if caller is not None and call.site >= 0 and call.site not in self.source.recorded:
            self._unrecorded_call(caller, call.site)

    def _unrecorded_call(self, caller: _Call, site: int) -> None:
        """Make the node of a call that is a statement: no record tells of it."""
        one = self.sites[site]
        if site in self.source.listed or site in self.source.source.parents:
            return
        self._expression(caller, one, NotKept("no value was taken"))

    # Nodes

    def _node(self, call: _Call, site: Site, value: Any, inputs: Sequence[int]) -> int:
        number = len(self.nodes)
        decision = self._decision(call, site)
        self.nodes.append(
            Node(site.number, call.number, value, tuple(dict.fromkeys(inputs)), decision)
        )
        call.last[site.number] = number
        return number

    def _decision(self, call: _Call, site: Site) -> int:
        parent = self.statements[site.statement].parent
        while parent >= 0:
            node = call.last.get(self.deciding.get(parent, -1))
            if node is not None:
                return node
            parent = self.statements[parent].parent
        return -1

    def _record(
        self, call: _Call, site: Site, value: Any, found: Sequence[Record], place: int
    ) -> None:
        if site.kind is Kind.ARGUMENT:
            position = call.function.arguments.index(site.number)
            inputs = call.argument_inputs
            node = self._node(call, site, value, inputs[position] if position < len(inputs) else ())
            call.versions[site.name] = node
        elif site.kind is Kind.EXPRESSION:
            self._expression(call, site, value)
        elif site.kind is Kind.READ:
            self._read(call, site)
        elif site.kind is Kind.DECISION:
            self._decide(call, site, value)
        else:
            self._bind(call, site, value, found, place)

    def _expression(self, call: _Call, site: Site, value: Any) -> int:
        inputs = self._inputs(call, site)
        if not site.parts and site.name in call.versions:
            inputs.append(call.versions[site.name])  # what a script or load has bound
        made = [one for one in call.ended if one.site == site.number]
        for one in made:
            several = site.number in self.source.listed
            inputs += one.returns if several else one.returns[:1]
        node = self._node(call, site, value, inputs)
        for one in made:
            frames = self.execution.frames
            frames[one.number] = replace(frames[one.number], caller=node)
            call.ended.remove(one)
        for part in site.parts:
            call.reads.pop(part, None)
        return node

    def _decide(self, call: _Call, site: Site, value: Any) -> None:
        statement = self.statements[site.statement]
        before = self.deciding.get(statement.parent, -1)
        if before in self.source.silent and not statement.branch:
            self._decide(call, self.sites[before], np.array([[False]]))
        if site.name == "case":
            inputs = [*self._switched(call, statement), *self._inputs(call, site)]
            self._node(call, site, _truth(value), inputs)
            return
        inputs = self._made_of(call, site, value)
        kept = value if statement.kind is StatementKind.SWITCH else _truth(value)
        self._node(call, site, kept, inputs)

    def _switched(self, call: _Call, case: Statement) -> list[int]:
        """Return the node of the value that a case is compared with."""
        above = case
        while above.kind is not StatementKind.SWITCH and above.parent >= 0:
            above = self.statements[above.parent]
        node = call.last.get(self.deciding.get(above.number, -1))
        return [] if node is None else [node]

    def _made_of(self, call: _Call, site: Site, value: Any) -> list[int]:
        """Return the inputs of what has the value of its one part; that part's node is made."""
        parts = site.parts
        if len(parts) == 1 and self.sites[parts[0]].kind is Kind.EXPRESSION:
            since = call.last.get(site.number, -1)
            if parts[0] not in self.source.recorded and site.number not in self.source.silent:
                return [self._expression(call, self.sites[parts[0]], value)]
            if call.last.get(parts[0], -1) > since:
                return [call.last[parts[0]]]
        return self._inputs(call, site)

    def _bind(
        self, call: _Call, site: Site, value: Any, found: Sequence[Record], place: int
    ) -> None:
        shared = next((part for part in site.parts if part in self.source.listed), None)
        if shared is not None:
            targets = self.source.listed[shared]
            if targets and site.number == next((t for t in targets if t >= 0), -1):
                self._several(call, shared, targets, found, place)
            inputs = self._inputs(call, site)
        elif site.whole and self.statements[site.statement].kind is not StatementKind.FOR:
            inputs = self._made_of(call, site, value)
        elif site.whole:
            inputs = self._looped(call, site)
        else:
            inputs = self._inputs(call, site)
        before = call.versions.get(site.name)
        if not site.whole and before is not None:
            inputs.append(before)
            value = since(self.nodes[before].value, value)
        call.versions[site.name] = self._node(call, site, value, inputs)

    def _looped(self, call: _Call, site: Site) -> list[int]:
        """Return what a loop runs over: it was evaluated once, before the first turn."""
        known = [call.last[part] for part in site.parts if part in call.last]
        return known or self._inputs(call, site)

    def _several(
        self,
        call: _Call,
        site: int,
        targets: Sequence[int],
        found: Sequence[Record],
        place: int,
    ) -> None:
        """Make the node of a call that gave several values, which are recorded next."""
        values = np.empty((1, len(targets)), dtype=object)
        for k, target in enumerate(targets):
            values[0, k] = NotKept("not taken")
            if target >= 0 and place < len(found) and found[place][0] == target + 1:
                whole = self.sites[target].whole
                values[0, k] = found[place][2] if whole else NotKept("put into a part")
                place += 1
        self._expression(call, self.sites[site], values)

    # What a node read

    def _inputs(self, call: _Call, site: Site) -> list[int]:
        since = call.last.get(site.number, -1)
        found: list[int] = []
        for k, part in enumerate(site.parts):
            if k == 1 and site.name in ("&&", "||") and len(site.parts) == 2 and found:
                left = _truth(self.nodes[found[-1]].value)
                if bool(left.item()) == (site.name == "||"):
                    break  # the right side was not evaluated
            found += self._resolve(call, part, since)
        return found

    def _resolve(self, call: _Call, part: int, since: int) -> list[int]:
        """Return the nodes that stand for a part, of the evaluation that began after `since`."""
        site = self.sites[part]
        if site.kind is Kind.READ:
            made = call.reads.pop(part, None)
            return [made] if made is not None else self._read(call, site)
        node = call.last.get(part, -1)
        if node > since:
            return [node]
        if part in self.source.recorded:
            return []
        below = [one for inner in site.parts for one in self._resolve(call, inner, since)]
        value = (
            _transposed(self.nodes[below[0]].value) if below and site.name in ("'", ".'") else None
        )
        return below if value is None else [self._node(call, site, value, below)]

    def _read(self, call: _Call, site: Site) -> list[int]:
        version = call.versions.get(site.name)
        if version is None:
            return []
        return [self._node(call, site, self.nodes[version].value, (version,))]


def _transposed(value: Any) -> Any:
    """Return the transpose of a matrix; None of anything else."""
    plain = isinstance(value, np.ndarray) and value.ndim == 2 and value.dtype.kind in "fiub"
    return value.T if plain else None


def _truth(value: Any) -> Any:
    """Return whether a condition of this value holds, as Octave's true or false."""
    if isinstance(value, np.ndarray) and value.size == 1 and value.dtype != object:
        held = bool(value.item())
    elif isinstance(value, np.ndarray) and value.dtype.kind in "fciub":
        held = value.size > 0 and bool(np.all(value != 0))
    else:
        held = isinstance(value, str) and bool(value) and "\0" not in value
    return np.array([[held]])


def _by_line(statements: Sequence[Statement]) -> dict[tuple[str, int], list[int]]:
    """Of each function and line, the statements that are there."""
    found: dict[tuple[str, int], list[int]] = {}
    for one in statements:
        if one.kind is not StatementKind.FUNCTION:
            for line in range(one.span.line, one.span.last_line + 1):
                found.setdefault((one.function, line), []).append(one.number)
    return found
