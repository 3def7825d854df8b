"""The probes of an observed port: what they keep, and what they put in place of a value.

May import `model`, `attributes`, `keeping`, `kept_values`, `windows` and
`sources.python_expressions`.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from lockstep.model.changed import LEAST, Changed
from lockstep.model.errors import RunawayError
from lockstep.model.execution import Execution, Frame, Kind, Node
from lockstep.model.summed import Window, part_text
from lockstep.sides.attributes import Attributes
from lockstep.sides.keeping import HOLDERS, root_of, same, say_error, shares
from lockstep.sides.kept_values import KeptValues
from lockstep.sides.port import PortReply
from lockstep.sides.windows import BEYOND, PROBES_OF_A_STEP, Keeping, Summing, passing
from lockstep.sources.python_expressions import (
    BOUND,
    CAUGHT,
    CHANGED,
    ENTER,
    JUMP,
    RETURN,
    STEP,
    TEST,
    VALUE,
    Tables,
)

Replacement = Callable[[int, Any], Any]
"""What stands in place of a site's value: of how often it gave one before, and of the value."""

NODE_LIMIT = 400_000
"""Nodes that are recorded; the rest is counted as cut."""

BYTE_LIMIT = 256 * 2**20
"""Bytes of values that are kept."""

_GONE = Frame("")
"""Stands for a call in which nothing was recorded."""


class Recorder:
    """Keeps what the probes of one run see.

    Parameters
    ----------
    tables : Tables
        The sites.
    install : callable
        Is given probes that are to take the place of those of their names, in the middle of a run.

    Attributes
    ----------
    main : str
        Name of the function whose run is recorded.
    passed : callable
        Counts the probes of a run of which nothing is recorded.
    was_stopped : bool
        Whether the run was stopped where no more is recorded.
    """

    def __init__(
        self, tables: Tables, install: Callable[[Mapping[str, Any]], None] = lambda probes: None
    ) -> None:
        self._tables = tables
        self._install = install
        self.passed: Callable[[], int] = lambda: 0
        self.main = ""
        self.start({}, True, 0)

    def start(
        self,
        replace: Mapping[int, Replacement],
        record: bool,
        limit: int,
        part: Window | int | None = None,
        stops: bool = False,
    ) -> None:
        """Forget the run before and begin another.

        With a `part` only that is recorded, or sums of blocks of that size. A run that `stops` does
        so where no more is recorded.
        """
        self._part = part
        self._stops = stops
        self.was_stopped = False
        self._replace = replace
        self._record = self._recording = record
        self._limit = limit
        self._count = 0
        self._is_summing = False
        self._seen: dict[int, int] = {}
        self._forget()

    def _forget(self) -> None:
        """Begin to record: what ran before the function itself, such as its seeding, is dropped."""
        self.watch: Summing | Keeping | None = None
        self._keep(self._recording)
        self.nodes: list[Node] = []
        self.frames: list[Frame] = []
        self._stack: list[int] = []
        self._last: dict[int, dict[int, int]] = defaultdict(dict)
        self._versions: dict[int, dict[str, int]] = defaultdict(dict)
        self._objects: dict[int, dict[str, Any]] = defaultdict(dict)
        self._returned: dict[int, list[int]] = {}
        self._top_returns: list[int] = []
        self._identity: dict[int, int] = {}
        self._changes: list[int] = []
        self._kept = KeptValues(BYTE_LIMIT, self._tables.source.files)
        self._attributes = Attributes()
        self._cut = ""
        if isinstance(self._part, Window):
            self.watch = Keeping(self._part, self._keep, len(self._tables.source.sites))
            self.watch.begin()
        elif self._part is not None:
            self.watch = Summing(self._part)

    def _keep(self, keeps: bool) -> None:
        """Record from here on, or no more; outside of a part values pass other probes."""
        self._record = self._recording and keeps
        if isinstance(self.watch, Keeping):
            self._install(self.probes())

    def probes(self) -> dict[str, Any]:
        """Return the functions that an instrumented module calls, by name."""
        light, self.passed = passing(self._replace, self._exchanged, self._limit)
        if isinstance(self.watch, Summing):
            return {**light, ENTER: self._enter_of_sums, BOUND: self.watch.bound}
        if not self._recording:
            return light
        full = {
            ENTER: self._enter,
            VALUE: self._value,
            BOUND: self._bound,
            TEST: self._test,
            RETURN: self._return,
            CHANGED: self._changed,
            CAUGHT: self._caught,
            JUMP: self._jumps,
            STEP: self._step,
        }
        if isinstance(self.watch, Keeping) and not self._record:
            is_changed = self._replace or self._limit
            full |= self.watch.passing(light[VALUE] if is_changed else None)
        return full

    def execution(self, reply: PortReply | Exception) -> Execution:
        """Return what was recorded."""
        found = Execution(
            self._tables.source,
            self.nodes,
            self.frames,
            cut=self._cut or self._kept.cut or part_text(self._part, self._tables.source),
            ends_early=self._recording and not self._record,
            objects=self._identity,
            changes=self._changes,
        )
        if isinstance(self.watch, Keeping):
            found.passed = self.watch.passed + len(self.nodes)
        if isinstance(reply, Exception) and self.was_stopped:
            return found
        if isinstance(reply, Exception):
            say_error(found, reply)
        else:
            found.outputs = [reply.result]
            found.output_nodes = list(self._top_returns)
        return found

    # The probes

    def _enter(self, function: int) -> int:
        if not self._stack and self.frames and self._tables.functions[function] == self.main:
            self._forget()
        number = len(self.frames)
        caller = self._stack[-1] if self._stack else -1
        if function not in self._tables.generators:
            self._stack.append(number)
        self.frames.append(Frame(self._tables.functions[function], parent=caller))
        return number

    def _enter_of_sums(self, function: int) -> int:
        """Sum up from the function itself on."""
        assert isinstance(self.watch, Summing)
        if not self._is_summing and self._tables.functions[function] == self.main:
            self._is_summing = True
            self.watch.restart()
        return 0

    def _given(self, caller: int, value: Any) -> tuple[int, ...]:
        """Find the expression of the caller that gave an argument: the last of this very object."""
        if caller < 0 or isinstance(value, (bool, type(None))):
            return ()
        for node in range(len(self.nodes) - 1, max(len(self.nodes) - 25, -1), -1):
            found = self.nodes[node]
            if found.frame == caller and self._kept.is_of(found.value, value):
                return (node,)
        return ()

    def _value(self, frame: int, site: int, value: Any) -> Any:
        value = self._put(site, value)
        if self._record:
            place = self._tables.source.sites[site]
            inputs: tuple[int, ...]
            if place.kind is Kind.READ:
                version = self._versions[frame].get(place.name)
                if place.parts or version is None:
                    inputs = self._parts(frame, site, place.parts)
                else:
                    inputs = (version,)
            else:
                inputs = self._parts(frame, site, place.parts)
                returned = self._returned.pop(frame, None)
                inputs = (*inputs, *(returned or ()))
                inputs += self._attributes.given(place, self._objects[frame])
            self._add(site, frame, value, inputs)
        return value

    def _bound(self, frame: int, site: int, value: Any) -> Any:
        value = self._put(site, value)
        if self._record:
            self._bind(frame, site, value)
        if isinstance(self.watch, Keeping):
            self.watch.bound(site)
        return value

    def _bind(self, frame: int, site: int, value: Any) -> None:
        place = self._tables.source.sites[site]
        versions = self._versions[frame]
        if place.kind is Kind.ARGUMENT:
            inputs = self._given(self.frames[frame].parent, value)
        else:
            inputs = self._parts(frame, site, place.parts)
        if not place.whole and place.name in versions:
            inputs = (*inputs, versions[place.name])
        kept = None
        if not place.whole and isinstance(value, np.ndarray):
            kept = self._kept.arrays.look_at(value, again=True)
        versions[place.name] = self._add(site, frame, value, inputs, kept)
        self._objects[frame][place.name] = value
        self._attributes.bind(place, value, versions[place.name])
        if not place.whole and isinstance(value, HOLDERS):
            self._changes.append(versions[place.name])
            self._look_at_aliases(frame, site, place.name, value)

    def _look_at_aliases(self, frame: int, site: int, name: str, value: Any) -> None:
        """Give a new version to every variable that shares what was just changed in place."""
        versions = self._versions[frame]
        for other, held in self._objects[frame].items():
            if other == name or not shares(held, value):
                continue
            before = versions.get(other)
            if before is not None and not self._is_still(before, held):
                versions[other] = self._add(site, frame, held, (versions[name], before))

    def _changed(self, frame: int, site: int, value: Any) -> None:
        if not self._record or not isinstance(value, HOLDERS):
            return
        place = self._tables.source.sites[site]
        before = self._versions[frame].get(place.name)
        if before is not None and not self._is_still(before, value):
            self._bind(frame, site, value)

    def _is_still(self, node: int, value: Any) -> bool:
        """Whether a value is what a node had."""
        kept = self.nodes[node].value
        if isinstance(value, np.ndarray) and value.size >= LEAST:
            self._kept.arrays.look_at(value)
            last = self._kept.arrays.last(value)
            if last is not None and (last is kept or isinstance(kept, Changed)):
                return last is kept
        return same(kept, value)

    def _test(self, frame: int, site: int, value: Any) -> Any:
        value = self._put(site, value)
        if self._record:
            try:
                outcome: Any = bool(value)
            except Exception:
                outcome = value
            place = self._tables.source.sites[site]
            kept = value if place.name == "match" else outcome
            self._add(site, frame, kept, self._parts(frame, site, place.parts))
        return value

    def _return(self, frame: int, site: int, value: Any) -> Any:
        if site >= 0:
            value = self._put(site, value)
        if frame in self._stack:
            self._leave(self._stack.index(frame))
        if self._record:
            self._returns(frame, site, value)
        return value

    def _step(self) -> None:
        """Count a turn of a loop, or a call, where nothing else is counted."""
        self._count_more(PROBES_OF_A_STEP)

    def _jumps(self, site: int, own: bool) -> bool:
        """Say whether a break, continue or return is taken that the port has, or may lack."""
        return bool(self._put(site, own))

    def _caught(self, frame: int) -> None:
        """Leave the calls that an error ended before this function caught it."""
        if frame in self._stack:
            self._leave(self._stack.index(frame) + 1)
        self._returned.pop(frame, None)

    def _leave(self, place: int) -> None:
        """Leave the calls from a place of the stack on; their variables need not live on."""
        for frame in self._stack[place:]:
            self._objects.pop(frame, None)
            if not self._record and not self._last.get(frame):
                self.frames[frame] = _GONE
                self._versions.pop(frame, None)
        del self._stack[place:]

    def _returns(self, frame: int, site: int, value: Any) -> None:
        if site >= 0:
            place = self._tables.source.sites[site]
            nodes = [self._add(site, frame, value, self._parts(frame, site, place.parts))]
        else:
            statement = self._statement_of_last(frame)
            nodes = [
                node
                for node in self._last[frame].values()
                if self._is_return(node) and self._statement(node) == statement
            ]
        caller = self.frames[frame].parent
        if caller >= 0:
            self._returned.setdefault(caller, []).extend(nodes)
        elif frame == 0:
            self._top_returns = nodes

    def _statement(self, node: int) -> int:
        return self._tables.source.sites[self.nodes[node].site].statement

    def _is_return(self, node: int) -> bool:
        return self._tables.source.sites[self.nodes[node].site].kind is Kind.RETURN

    def _statement_of_last(self, frame: int) -> int:
        last = max(self._last[frame].values(), default=-1)
        return self._statement(last) if last >= 0 else -1

    # What is kept

    def _put(self, site: int, value: Any) -> Any:
        """Count a probe, and put another value in the place of this one if that is asked for."""
        self._count_more(1)
        if isinstance(self.watch, Keeping):
            self.watch.see(site)
        return self._exchanged(site, value)

    def _exchanged(self, site: int, value: Any) -> Any:
        change = self._replace.get(site)
        if change is None:
            return value
        seen = self._seen.get(site, 0)
        self._seen[site] = seen + 1
        return change(seen, value)

    def _count_more(self, probes: int) -> None:
        self._count += probes
        if self._limit and self._count > self._limit:
            raise RunawayError(BEYOND.format(self._limit))

    def _parts(self, frame: int, site: int, parts: tuple[int, ...]) -> tuple[int, ...]:
        """Find the nodes of the parts of an expression that belong to this evaluation of it."""
        last = self._last[frame]
        since = last.get(site, -1)
        found = [last[part] for part in parts if part in last]
        fresh = [node for node in found if node > since]
        return tuple(fresh or found)  # a loop's variable is bound anew from the same range

    def _add(
        self, site: int, frame: int, value: Any, inputs: tuple[int, ...], kept: Any = None
    ) -> int:
        number = len(self.nodes)
        if number >= NODE_LIMIT:
            self._cut = f"only the first {NODE_LIMIT:,} values of the port were looked at"
            self._record = False
            if self._stops:
                self.was_stopped = True
                raise RunawayError(self._cut)
            return number - 1
        governor = self._tables.governors[site]
        decision = self._last[frame].get(governor, -1)
        kept = self._kept.of(value) if kept is None else kept
        self.nodes.append(Node(site, frame, kept, inputs, decision))
        self._last[frame][site] = number
        if isinstance(value, HOLDERS) and self._kept.holds(root := root_of(value)):
            self._identity[number] = id(root)
        return number
