"""Where a port is wrong: the earliest site that heals every output when it has Octave's value.

Replacing what is right changes nothing, and replacing what came before the fault cannot heal it. So
the sites of the port are tried in the order of time, those first whose values Octave has nowhere,
each with the values of Octave that most likely stand for its own. What is found is then followed
back through the inputs of both sides, as far as these heal too: a small whole number that occurs
elsewhere by chance is found that way. May import `model`, `match`, `likeness`, `forms` and
`replay`.
"""

import copy
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from lockstep.explain.forms import (
    aligned,
    is_same_stream,
    is_same_value,
    is_whole_number,
    one_less,
)
from lockstep.explain.likeness import Counterpart, Ranking
from lockstep.explain.match import Matching, Side, operation, spell, telling_inputs
from lockstep.explain.numbers import Stream
from lockstep.explain.replay import Replayer
from lockstep.model.execution import Kind
from lockstep.sides.recorder import Replacement

FEW_COUNTERPARTS = 4
"""Counterparts that are tried at once for each site ..."""

MOST_COUNTERPARTS = 12
"""... and when none of those of any site heals ..."""

MOST_AT_FIRST_WRONG = 60
"""... and for one that is wrong though all it read is right."""

MOST_TURNS = 12
"""Turns of a loop at which a decision is turned round alone."""

MOST_PAIRED = 8
"""Sites that are tried in pairs where no site alone heals."""

DEPTH = 4
"""How many expressions of Octave are looked into for the counterparts of inputs."""

HANDED_ON = frozenset(
    ["asarray", "array", "copy", "astype", "asanyarray", "ascontiguousarray", "float", "atleast_1d"]
)
"""Functions that often give what they were given."""

_PASSED_ON = (Kind.READ, Kind.BINDING)

_TRIED = (Kind.EXPRESSION, Kind.BINDING, Kind.RETURN, Kind.ARGUMENT, Kind.DEFAULT)


@dataclass(frozen=True)
class Blamed:
    """A site of the port that is at fault.

    Attributes
    ----------
    site : int
        Of the port.
    octave_site : int
        What stands for it in Octave; -1 where nothing does.
    proved : bool
        Whether the outputs agreed with Octave's values in its place.
    flipped : bool
        Whether it is a decision that was turned round.
    shared : bool
        Whether the outputs agreed when its value was a copy of its own.
    values : tuple
        What stood in its place, turn by turn.
    also : Blamed or None
        A second fault: the outputs agree with both.
    first_step : int
        Where the port needs several steps for what Octave does in one: the site of the first.
    """

    site: int
    octave_site: int
    proved: bool
    flipped: bool = False
    shared: bool = False
    values: tuple[Any, ...] = ()
    also: "Blamed | None" = None
    first_step: int = -1


class Search:
    """Looks for the fault in one case.

    Parameters
    ----------
    matching : Matching
        Both executions.
    replayer : Replayer
        Runs the port again.
    wrong_outputs : sequence of int
        Nodes of the port that gave a wrong output; empty where it raised an error.
    given : int
        How many arguments the case gives; parameters beyond have their defaults.
    """

    def __init__(
        self, matching: Matching, replayer: Replayer, wrong_outputs: Sequence[int], given: int
    ) -> None:
        self.matching = matching
        self.port = matching.port
        self.octave = matching.octave
        self._replayer = replayer
        self._cone = self._cone_of(wrong_outputs)
        self._given = given
        self._ranking = Ranking(matching)

    def found(self) -> Iterator[Blamed]:
        """Yield the sites that heal the case, the likeliest fault first, then an unproved one."""
        seen: set[tuple[int, int]] = set()
        for blamed in self._healing():
            back = self._traced_back(blamed)
            if (back.site, back.octave_site) not in seen:
                seen.add((back.site, back.octave_site))
                yield back
        if not seen:
            yield from self._unproved()

    def _healing(self) -> Iterator[Blamed]:
        yield from self._copied()
        yield from self._healed_in_time(self._wrong_sites())
        yield from self._each_healed(s for s in self._sites() if s in self.matching.turned)
        yield from self._decided()
        yield from self._each_healed(self._doubtful_sites(confirmed=False))
        yield from self._each_healed(self._reads())
        yield from self._each_healed(self._doubtful_sites(confirmed=True))
        yield from self._one_off(self._sites())
        yield from self._paired()

    def is_healed_by(self, blamed: Blamed) -> bool:
        """Whether what heals another case heals this one: the same place, the same counterpart."""
        if blamed.site not in self.port.streams:
            return False
        if blamed.shared:
            return self._replayer.run({blamed.site: lambda turn, own: unshared(own)})
        if blamed.flipped:
            return any(True for _ in self._turned(blamed.site))
        if blamed.octave_site < 0:
            return next(self._one_off([blamed.site]), None) is not None
        ranked = list(self._ranking.of(blamed.site))
        ranked.sort(key=lambda one: one.site != blamed.octave_site)
        ranked = ranked[:MOST_COUNTERPARTS]
        if blamed.also is None:
            return self._healed(blamed.site, ranked) is not None
        both = [(blamed, ranked), (blamed.also, self._ranking.of(blamed.also.site)[:1])]
        values = {b.site: self._first_values(b.site, one) for b, one in both if one}
        return self._replayer.heals({s: v for s, v in values.items() if v is not None})

    # Which sites are tried

    def _cone_of(self, outputs: Sequence[int]) -> set[int]:
        """Collect the nodes of the port that the wrong outputs come from, and all decisions."""
        nodes = self.port.execution.nodes
        if not outputs:
            return set(range(len(nodes)))
        cone: set[int] = set()
        todo = list(outputs)
        todo += [i for i, node in enumerate(nodes) if self._kind(node.site) is Kind.DECISION]
        while todo:
            node = todo.pop()
            if node in cone or node < 0:
                continue
            cone.add(node)
            todo += [*nodes[node].inputs, nodes[node].decision]
        return cone

    def _kind(self, site: int) -> Kind:
        return self.port.sites[site].kind

    def _sites(self) -> list[int]:
        """List the sites of the cone in the order of time."""
        first: dict[int, int] = {}
        for node in sorted(self._cone):
            first.setdefault(self.port.execution.nodes[node].site, node)
        return list(first)

    def _is_given(self, site: int) -> bool:
        """Whether a site is an argument that the case gave: it cannot be wrong."""
        if self._kind(site) is not Kind.ARGUMENT:
            return False
        node = self.port.execution.by_site[site][0]
        return self.port.execution.nodes[node].frame == 0 and node < self._given

    def _wrong_sites(self) -> list[int]:
        """List the sites that gave a value that Octave has nowhere, by when they first did."""
        found = [
            (self.matching.first_wrong(site), site)
            for site in self._sites()
            if self._kind(site) in _TRIED and self.matching.is_wrong(site)
        ]
        return [site for _, site in sorted(found)]

    def _doubtful_sites(self, *, confirmed: bool) -> Iterator[int]:
        """List the sites whose values Octave has, too, but perhaps by chance."""
        for site in self._sites():
            if self._kind(site) not in _TRIED or self._is_given(site):
                continue
            stream = self.port.streams[site]
            if not stream.is_known or self.matching.is_wrong(site):
                continue
            if confirmed or not (stream.is_telling or self.matching.is_confirmed(site)):
                yield site

    def _reads(self) -> Iterator[int]:
        """List the reads: the wrong variable may be read, or an old version of the right one."""
        for site in self._sites():
            if self._kind(site) is Kind.READ:
                yield site

    # Replays

    def _healed_in_time(self, sites: Sequence[int]) -> Iterator[Blamed]:
        """Try a few counterparts of each site; where one heals, more of those before it."""
        for i, site in enumerate(sites):
            found = next(self._each_healed([site], FEW_COUNTERPARTS), None)
            if found is not None:
                yield from self._each_healed(sites[:i])
                yield found
                yield from self._each_healed(sites[i + 1 :], FEW_COUNTERPARTS)
                return
        yield from self._each_healed(sites)

    def _each_healed(self, sites: Iterable[int], most: int = 0) -> Iterator[Blamed]:
        for site in sites:
            if self._replayer.is_over:
                return
            first = self.matching.is_first_wrong(site)
            enough = most or (MOST_AT_FIRST_WRONG if first else MOST_COUNTERPARTS)
            ranked = self._ranking.of(site)
            if most:
                ranked = [one for one in ranked if self._ranking.is_plausible(site, one)]
            found = self._healed(site, ranked[:enough])
            if found is not None:
                yield found

    def _healed(self, site: int, counterparts: Sequence[Counterpart]) -> Blamed | None:
        """Put the values of counterparts in the place of a site until one heals."""
        stream = self.port.streams[site]
        if not stream.is_known:
            return None
        for one in counterparts:
            if self._replayer.is_over:
                return None
            for values in self._values(stream, one):
                if self._replayer.heals({site: values}):
                    return Blamed(site, one.site, True, values=tuple(values))
        return None

    def _values(self, stream: Stream, one: Counterpart) -> Iterator[list[Any]]:
        """Yield what a counterpart puts in the place of a stream, in each way that changes it."""
        ways = list(aligned(stream, one.stream))
        less = [one_less(stream, way) for way in ways]
        for way in [*ways, *(way for way in less if way is not None)]:
            if not is_same_stream(stream, way):
                yield way

    def _first_values(self, site: int, counterparts: Sequence[Counterpart]) -> list[Any] | None:
        stream = self.port.streams[site]
        return next((way for one in counterparts for way in self._values(stream, one)), None)

    def _copied(self) -> Iterator[Blamed]:
        """Copy what is changed in place later: Octave's values are never shared."""
        execution = self.port.execution
        last_change: dict[int, int] = {}
        for node in execution.changes:
            last_change[execution.objects.get(node, -1)] = node
        tried: set[int] = set()
        for node, held in execution.objects.items():
            site = execution.nodes[node].site
            kind = self._kind(site)
            if site in tried or last_change.get(held, -1) <= node:
                continue
            if kind is Kind.DECISION or not execution.source.sites[site].whole:
                continue
            tried.add(site)
            if self._replayer.is_over:
                return
            if self._replayer.run({site: lambda turn, own: unshared(own)}):
                yield Blamed(site, -1, True, shared=True, first_step=self._changer(node))

    def _changer(self, node: int) -> int:
        """Return the site that changes an object which its function was given; -1 for none."""
        execution = self.port.execution
        held = execution.objects[node]
        for change in execution.changes:
            frame = execution.nodes[change].frame
            if change > node and execution.objects.get(change) == held:
                given = (
                    i
                    for i, other in execution.objects.items()
                    if other == held and execution.nodes[i].frame == frame
                )
                first = next(given, -1)
                if first >= 0 and self._kind(execution.nodes[first].site) is Kind.ARGUMENT:
                    return execution.nodes[change].site
                return -1
        return -1

    def _one_off(self, sites: Iterable[int]) -> Iterator[Blamed]:
        """Make whole numbers one more and one less: an index or a size that Octave has nowhere."""
        for site in sites:
            stream = self.port.streams[site]
            if self._is_given(site) or not all(map(is_whole_number, stream.values)):
                continue
            for step in (1, -1):
                if self._replayer.is_over:
                    return
                if self._replayer.run({site: _moved(step)}):
                    moved = tuple(value + step for value in stream.values)
                    yield Blamed(site, -1, True, values=moved)

    def _decided(self) -> Iterator[Blamed]:
        """Turn decisions round: as Octave decided, at every turn, or at one of them."""
        for site in self._sites():
            if self._kind(site) is Kind.DECISION:
                yield from self._turned(site)

    def _turned(self, site: int) -> Iterator[Blamed]:
        stream = self.port.streams[site]
        if not all(isinstance(value, bool) for value in stream.values):
            return
        for other, outcomes in self._outcomes(site, stream):
            if self._replayer.is_over:
                return
            if outcomes != list(stream.values) and self._replayer.heals({site: outcomes}):
                yield Blamed(site, other, True, flipped=True, values=tuple(outcomes))
                return

    def _outcomes(self, site: int, stream: Stream) -> Iterator[tuple[int, list[bool]]]:
        """Yield outcomes to try, with the decision of Octave that they come from."""
        own = [bool(value) for value in stream.values]
        ranked = self._ranking.of(site)
        decisions = [o for o in ranked if self.octave.sites[o.site].kind is Kind.DECISION]
        for one in decisions:
            theirs = [bool(np.all(value)) for value in one.stream.values]
            yield one.site, theirs
            yield one.site, [not value for value in theirs]
        nearest = decisions[0].site if decisions else -1
        yield nearest, [not value for value in own]
        yield nearest, [True] * len(own)
        yield nearest, [False] * len(own)
        for turn in range(min(len(own), MOST_TURNS)):
            yield nearest, [not v if i == turn else v for i, v in enumerate(own)]

    def _paired(self) -> Iterator[Blamed]:
        """Put values in the place of two sites at once: there may be two faults."""
        first = [s for s in self._wrong_sites() if self.matching.is_first_wrong(s)]
        first = [s for s in first if self.port.streams[s].is_known][:MOST_PAIRED]
        best = {s: self._ranking.of(s)[:2] for s in first}
        for i, site in enumerate(first):
            for other in first[i + 1 :]:
                for one in best[site]:
                    for two in best[other]:
                        if self._replayer.is_over:
                            return
                        found = self._pair_healed((site, one), (other, two))
                        if found is not None:
                            yield found

    def _pair_healed(
        self, first: tuple[int, Counterpart], second: tuple[int, Counterpart]
    ) -> Blamed | None:
        values = [self._first_values(site, [one]) for site, one in (first, second)]
        if values[0] is None or values[1] is None:
            return None
        if not self._replayer.heals({first[0]: values[0], second[0]: values[1]}):
            return None
        also = Blamed(second[0], second[1].site, True, values=tuple(values[1]))
        return Blamed(first[0], first[1].site, True, values=tuple(values[0]), also=also)

    # Back from what heals

    def _traced_back(self, found: Blamed) -> Blamed:
        """Follow what heals back to the earliest input that heals as well."""
        if found.shared or found.also is not None:
            return found
        seen = {found.site}
        while not self._replayer.is_over:
            earlier = self._healing_input(found, seen)
            if earlier is None:
                break
            seen.add(earlier.site)
            found = earlier
        return self._by_inputs(found)

    def _by_inputs(self, found: Blamed) -> Blamed:
        """Go back to what reads the same as Octave's counterpart, over values that Octave lacks.

        The port may need several steps for one of Octave's. If the value after the last of them
        heals and none before does, the step that reads what Octave's reads stands for it.
        """
        if found.octave_site < 0 or found.flipped:
            return found
        if self.octave.sites[found.octave_site].kind is not Kind.EXPRESSION:
            return found
        classes = self.matching.octave_classes
        wanted = telling_inputs(self.octave, classes, found.octave_site, depth=1)
        level, seen = [found.site], {found.site}
        best = found
        while level:
            site = level.pop()
            for other in self._inputs_of(self.port, site, 1):
                if other not in seen and self.matching.is_wrong(other):
                    seen.add(other)
                    level.append(other)
                    own = telling_inputs(self.port, self.matching.port_classes, other, depth=1)
                    if wanted and own == wanted and self._kind(other) is Kind.EXPRESSION:
                        best = replace(found, first_step=other)
        return best

    def _healing_input(self, found: Blamed, seen: set[int]) -> Blamed | None:
        for site in self._deciders(found.site):
            if site not in seen:
                seen.add(site)
                turned = next(self._turned(site), None)
                if turned is not None:
                    return turned
        if found.flipped:
            return self._turned_input(found, seen)
        if found.octave_site < 0:
            return self._one_off_input(found, seen)
        theirs = {found.octave_site, *self._inputs_of(self.octave, found.octave_site, DEPTH)}
        tried: list[int] = []
        level = [found.site]
        for _ in range(DEPTH):
            level = [s for s in self._read_by(level) if s not in seen and s not in tried]
            tried += level
            for site in level:
                healed = self._healed_in_its_place(site, found, theirs)
                if healed is not None:
                    return healed
            level = [s for s in level if not self._is_settled(s)]
        unsure = [site for site in tried if not self._is_settled(site)]
        one_off = next(self._one_off(unsure), None)
        return one_off or self._decided_below(found) or self._returned_below(found, theirs)

    def _read_by(self, sites: Sequence[int]) -> list[int]:
        """List what some sites read: through a read of a variable, what bound it, too."""
        found: list[int] = []
        for site in sites:
            inputs = self._inputs_of(self.port, site, 1)
            through = [s for s in inputs if self._kind(s) is Kind.READ]
            bound = [one for s in through for one in self._inputs_of(self.port, s, 1)]
            below = self._inputs_of(self.port, site, 2)
            returned = [s for s in below if self._kind(s) is Kind.RETURN]
            found += [*bound, *inputs, *returned]
        return list(dict.fromkeys(found))

    def _is_settled(self, site: int) -> bool:
        """Whether what a site gave is right: what it read need not be looked at."""
        if self._is_given(site) or self._kind(site) is Kind.DECISION:
            return True
        return self.matching.is_confirmed(site) or self._hands_on(site)

    def _hands_on(self, site: int) -> bool:
        """Whether a site gives on what it read, unchanged, and that is right."""
        if self.port.sites[site].name not in HANDED_ON or self.matching.is_wrong(site):
            return False
        nodes = self.port.execution.nodes
        for node in self.port.execution.by_site[site][:MOST_TURNS]:
            own = self.port.numbers[node]
            same = [
                i
                for i in nodes[node].inputs
                if own is not None and is_same_value(own, nodes[i].value)
            ]
            if not same:
                return False
        return True

    def _healed_in_its_place(self, site: int, found: Blamed, theirs: set[int]) -> Blamed | None:
        if self._is_settled(site):
            return None
        ranked = [one for one in self._ranking.of(site) if one.site in theirs]
        if self.matching.is_sure(site):
            ranked = [one for one in ranked if self._has_its_place(site, one.site, found)]
        return self._healed(site, ranked[:MOST_COUNTERPARTS])

    def _has_its_place(self, site: int, other: int, found: Blamed) -> bool:
        """Whether a site of Octave has the name or the place that a site has in what was found.

        A value that Octave has is wrong all the same if another should stand there.
        """
        name, target = self.port.target(site), self.octave.target(other)
        if name and target and spell(name) == spell(target):
            return True
        place, there = self.port.sites[found.site], self.octave.sites[found.octave_site]
        if place.kind is there.kind is Kind.EXPRESSION and operation(place) != operation(there):
            return False
        own = self._operands(self.port, found.site)
        theirs = self._operands(self.octave, found.octave_site)
        return len(own) == len(theirs) and any(
            site in one and other in two for one, two in zip(own, theirs, strict=True)
        )

    def _operands(self, side: Side, site: int) -> list[set[int]]:
        """List the operands of a site, each with what gave it, through reads and bindings."""
        nodes = side.execution.nodes
        found = []
        for operand in nodes[side.execution.by_site[site][-1]].inputs:
            held = {nodes[operand].site}
            while side.sites[nodes[operand].site].kind in _PASSED_ON and nodes[operand].inputs:
                operand = nodes[operand].inputs[0]
                held.add(nodes[operand].site)
            found.append(held)
        return found

    def _one_off_input(self, found: Blamed, seen: set[int]) -> Blamed | None:
        inputs = [s for s in self._inputs_of(self.port, found.site, 1) if s not in seen]
        return next(self._one_off(s for s in inputs if not self.matching.is_confirmed(s)), None)

    def _wrong_turns(self, found: Blamed) -> list[int]:
        """List the nodes of a site at the turns at which Octave's values are others."""
        stream = self.port.streams[found.site]
        nodes = self.port.execution.by_site[found.site]
        return [
            node
            for node, item, value in zip(nodes, stream.items, found.values, strict=False)
            if item is None or not is_same_value(item, value)
        ]

    def _frames_below(self, nodes: Iterable[int]) -> set[int]:
        """Collect the calls whose results were read, directly, by some nodes."""
        every = self.port.execution.nodes
        return {
            every[i].frame
            for node in nodes
            for i in every[node].inputs
            if self._kind(every[i].site) is Kind.RETURN
        }

    def _decided_below(self, found: Blamed) -> Blamed | None:
        """Turn round a decision of the called function, in the calls alone that went wrong."""
        frames = self._frames_below(self._wrong_turns(found))
        if not frames:
            return None
        nodes = self.port.execution.nodes
        for site, stream in self.port.streams.items():
            own = self.port.execution.by_site[site]
            if self._kind(site) is not Kind.DECISION or not any(
                nodes[n].frame in frames for n in own
            ):
                continue
            if self._replayer.is_over or not all(isinstance(v, bool) for v in stream.values):
                continue
            turned = [
                (not value) if nodes[node].frame in frames else value
                for node, value in zip(own, stream.values, strict=True)
            ]
            if self._replayer.heals({site: turned}):
                return Blamed(site, -1, True, flipped=True, values=tuple(turned))
        return None

    def _returned_below(self, found: Blamed, theirs: set[int]) -> Blamed | None:
        """Replace what a helper of the port returned, at all its calls: each may be wrong."""
        nodes = self.port.execution.nodes
        calls = [
            i
            for node in self._wrong_turns(found)
            for i in nodes[node].inputs
            if self._frames_below([i])
        ]
        sites = {nodes[j].site for i in calls for j in nodes[i].inputs}
        returns = [site for site in sites if self._kind(site) is Kind.RETURN]
        for site in returns:
            ranked = [one for one in self._ranking.of(site) if one.site in theirs]
            healed = self._healed(site, ranked[:MOST_COUNTERPARTS])
            if healed is not None:
                return healed
        return None

    def _turned_input(self, found: Blamed, seen: set[int]) -> Blamed | None:
        """Turn round what a decision reads, where that is true or false itself."""
        for site in self._inputs_of(self.port, found.site, 1):
            values = self.port.streams[site].values
            if site in seen or self._is_given(site) or not all(isinstance(v, bool) for v in values):
                continue
            seen.add(site)
            turned = [not value for value in values]
            if self._replayer.heals({site: turned}):
                return Blamed(site, found.octave_site, True, flipped=True, values=tuple(turned))
        return None

    def _deciders(self, site: int) -> list[int]:
        """List the decisions that a site ran under, the innermost first."""
        nodes = self.port.execution.nodes
        found: list[int] = []
        for node in self.port.execution.by_site[site][:MOST_TURNS]:
            decision = nodes[node].decision
            while decision >= 0:
                if self._kind(nodes[decision].site) is Kind.DECISION:
                    found.append(nodes[decision].site)
                decision = nodes[decision].decision
        return list(dict.fromkeys(found))

    def _inputs_of(self, side: Side, site: int, depth: int) -> list[int]:
        """List the sites that a site reads, those that these read, and so on."""
        execution = side.execution
        level, found = [site], []
        for _ in range(depth):
            below: list[int] = []
            for one in level:
                for node in execution.by_site.get(one, ())[:MOST_TURNS]:
                    for i in execution.nodes[node].inputs:
                        below.append(execution.nodes[i].site)
            level = [s for s in dict.fromkeys(below) if s not in found]
            found += level
        return found

    def _unproved(self) -> Iterator[Blamed]:
        """Yield the site that most likely does another thing than Octave, where none heals."""
        sites = [
            site
            for site in self._wrong_sites()
            if self.matching.is_first_wrong(site) and self.port.streams[site].is_known
        ]
        if not sites:
            return
        scores = [self._ranking.evidence(site) for site in sites]
        site = sites[int(np.argmax(scores))]
        ranked = self._ranking.of(site)
        yield Blamed(site, ranked[0].site if ranked else -1, proved=False)


def _moved(step: int) -> Replacement:
    return lambda turn, own: own + step


def unshared(value: Any) -> Any:
    """Copy a value so that nothing in it is shared with another, nor with another part of it."""
    if isinstance(value, list):
        return [unshared(item) for item in value]
    if isinstance(value, dict):
        return {key: unshared(item) for key, item in value.items()}
    return copy.deepcopy(value)
