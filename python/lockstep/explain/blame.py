"""Where a port is wrong: the earliest site that heals every output when it has Octave's value.

Replacing what is right changes nothing, and replacing what came before the fault cannot heal it. So
the sites of the port are tried in the order of time, those first whose values Octave has nowhere,
each with the values of Octave that most likely stand for its own. What is found is then followed
back through the inputs of both sides, as far as these heal too: a small whole number that occurs
elsewhere by chance is found that way. May import `model`, `match`, `forms` and `replay`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from lockstep.explain.forms import aligned, is_same_stream
from lockstep.explain.match import Matching, Side, inputs_in_common, operation, spell
from lockstep.explain.numbers import Stream
from lockstep.explain.replay import Replayer
from lockstep.model.execution import Kind

MOST_COUNTERPARTS = 10
"""Sites of Octave that are tried in the place of one of the port, in the first pass."""

DEPTH = 4
"""How many expressions of Octave are looked into for the counterparts of inputs."""

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
    """

    site: int
    octave_site: int
    proved: bool
    flipped: bool = False
    values: tuple[Any, ...] = ()


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
        self,
        matching: Matching,
        replayer: Replayer,
        wrong_outputs: Sequence[int],
        given: int,
    ) -> None:
        self.matching = matching
        self.port = matching.port
        self.octave = matching.octave
        self._replayer = replayer
        self._cone = self._cone_of(wrong_outputs)
        self._given = given
        self._ranked: dict[int, list[int]] = {}

    def find(self) -> Blamed | None:
        """Return the site at fault, proved where that can be; None where none is to be seen."""
        found = self._first_healing(self._wrong_sites(), MOST_COUNTERPARTS)
        if found is None:
            found = self._first_healing(self._doubtful_sites(), MOST_COUNTERPARTS)
        if found is None:
            found = self._turned_decision()
        if found is None:
            found = self._first_healing(self._stale_reads(), MOST_COUNTERPARTS)
        if found is not None:
            return self._traced_back(found)
        first = self.frontier()
        return first[0] if first else None

    def is_healed_by(self, blamed: Blamed) -> bool:
        """Whether what heals another case heals this one: the same place, the same counterpart."""
        if blamed.flipped:
            outcomes = self._decisions(blamed.site, self.port.streams[blamed.site])
            return any(self._replayer.heals({blamed.site: values}) for _, values in outcomes)
        if blamed.octave_site not in self.octave.streams:
            return False
        return self._healed(blamed.site, [blamed.octave_site]) is not None

    # Which sites are tried

    def _cone_of(self, outputs: Sequence[int]) -> set[int]:
        """Collect the nodes of the port that the wrong outputs come from."""
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

    def _wrong_sites(self) -> Iterator[int]:
        for site in self._sites():
            if self._kind(site) in _TRIED and self.matching.is_wrong(site):
                yield site

    def _doubtful_sites(self) -> Iterator[int]:
        """List the sites whose values Octave has, too, but perhaps by chance."""
        for site in self._sites():
            if self._kind(site) in _TRIED and not self._is_given(site):
                stream = self.port.streams[site]
                if stream.is_known and not stream.is_telling and not self.matching.is_wrong(site):
                    yield site

    def _stale_reads(self) -> Iterator[int]:
        """List the reads and all other sites: the wrong variable, or an old version of it."""
        for site in self._sites():
            if self._kind(site) is Kind.READ or (
                self._kind(site) in _TRIED and not self._is_given(site)
            ):
                yield site

    def frontier(self) -> list[Blamed]:
        """List the sites that are wrong though all they read is right, unproved."""
        found = []
        for site in self._sites():
            if self._kind(site) in (*_TRIED, Kind.DECISION) and self.matching.is_first_wrong(site):
                ranked = self._counterparts(site)
                found.append(Blamed(site, ranked[0] if ranked else -1, proved=False))
        return found

    # Replays

    def _first_healing(self, sites: Iterator[int], most: int) -> Blamed | None:
        for site in sites:
            if self._replayer.is_over:
                return None
            found = self._healed(site, self._counterparts(site)[:most])
            if found is not None:
                return found
        return None

    def _healed(self, site: int, counterparts: Sequence[int]) -> Blamed | None:
        """Put the values of counterparts in the place of a site until one heals."""
        stream = self.port.streams[site]
        if not stream.is_known:
            return None
        for other in counterparts:
            if self._replayer.is_over:
                return None
            for values in aligned(stream, self.octave.streams[other]):
                if not is_same_stream(stream, values) and self._replayer.heals({site: values}):
                    return Blamed(site, other, True, values=tuple(values))
        return None

    def _counterparts(self, site: int) -> list[int]:
        """List the sites of Octave that may stand for one of the port, the likeliest first."""
        if site not in self._ranked:
            stream = self.port.streams[site]
            found = [
                (-self._likeness(site, stream, other), self.octave.time(other), other)
                for other, theirs in self.octave.streams.items()
                if theirs.is_known and other not in self.matching.partners.get(site, ())
            ]
            self._ranked[site] = [other for _, _, other in sorted(found)]
        return self._ranked[site]

    def _likeness(self, site: int, stream: Stream, other: int) -> float:
        """Say how likely a site of Octave stands for one of the port."""
        theirs = self.octave.streams[other]
        place, there = self.port.sites[site], self.octave.sites[other]
        score = _likeness_of_form(stream, theirs)
        if other not in self.matching.claimed:
            score += 3.0
        name, target = self.port.target(site), self.octave.target(other)
        if name and target and spell(name) == spell(target):
            score += 3.0
        if place.kind is there.kind is Kind.RETURN and place.name == there.name:
            score += 2.0
        if Kind.EXPRESSION is place.kind is there.kind and operation(place) == operation(there):
            score += 2.0
        score += 3.0 * inputs_in_common(self.matching, site, other)
        return score + _likeness_of_values(stream, theirs)

    def _turned_decision(self) -> Blamed | None:
        """Turn decisions round: as Octave decided, at every turn, or at one of them."""
        for site in self._sites():
            if self._kind(site) is not Kind.DECISION:
                continue
            stream = self.port.streams[site]
            if not all(isinstance(value, bool) for value in stream.values):
                continue
            for other, outcomes in self._decisions(site, stream):
                if self._replayer.is_over:
                    return None
                if outcomes != list(stream.values) and self._replayer.heals({site: outcomes}):
                    return Blamed(site, other, True, flipped=True, values=tuple(outcomes))
        return None

    def _decisions(self, site: int, stream: Stream) -> Iterator[tuple[int, list[bool]]]:
        """Yield outcomes to try, with the decision of Octave that they come from."""
        own = [bool(value) for value in stream.values]
        for other in self._counterparts(site):
            if self.octave.sites[other].kind is Kind.DECISION:
                theirs = [bool(value) for value in self.octave.streams[other].values]
                yield other, theirs
                yield other, [not value for value in theirs]
        yield -1, [not value for value in own]
        yield -1, [True] * len(own)
        yield -1, [False] * len(own)
        for turn in range(min(len(own), MOST_TURNS)):
            yield -1, [not v if i == turn else v for i, v in enumerate(own)]

    # Back from what heals

    def _traced_back(self, found: Blamed) -> Blamed:
        """Follow what heals back to the earliest input that heals as well."""
        seen = {found.site}
        while found.octave_site >= 0 and not self._replayer.is_over:
            earlier = self._healing_input(found, seen)
            if earlier is None:
                break
            seen.add(earlier.site)
            found = earlier
        return found

    def _healing_input(self, found: Blamed, seen: set[int]) -> Blamed | None:
        theirs = self._inputs_of(self.octave, found.octave_site, DEPTH)
        for site in self._inputs_of(self.port, found.site, 1):
            if site in seen or self._is_given(site):
                continue
            if self.matching.is_sure(site) and self._kind(site) is not Kind.READ:
                continue
            ranked = [other for other in self._counterparts(site) if other in theirs]
            healed = self._healed(site, ranked[:MOST_COUNTERPARTS])
            if healed is not None:
                return healed
        return None

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


MOST_TURNS = 12
"""Turns of a loop at which a decision is turned round alone."""


def _likeness_of_form(stream: Stream, theirs: Stream) -> float:
    if len(stream.values) == len(theirs.values):
        same = sum(
            a is not None and b is not None and a.flat.size == b.flat.size
            for a, b in zip(stream.items, theirs.items, strict=True)
        )
        shaped = sum(
            a is not None and b is not None and a.shape == b.shape
            for a, b in zip(stream.items, theirs.items, strict=True)
        )
        return (2.0 * same + shaped) / len(stream.values)
    if stream.flat.size == theirs.flat.size:
        return 2.0
    last, own = theirs.sizes[-1], stream.sizes[0]
    if len(stream.values) == 1:
        return 1.5 if last == own else -1.0
    return 0.0 if last == own else -2.0


def _likeness_of_values(stream: Stream, theirs: Stream) -> float:
    """Say how alike two streams are that are not the same: some elements, a factor, an order."""
    one, other = stream.flat, theirs.flat
    if one.size != other.size or one.size < 2:
        return 0.0
    with np.errstate(all="ignore"):
        equal = float(np.mean((one == other) | (np.abs(one - other) <= 1e-9 * np.abs(other))))
        if equal > 0.3:
            return 1.0 + equal
        ratio = one[other != 0] / other[other != 0]
        if ratio.size > 1 and np.all(np.abs(ratio - ratio[0]) <= 1e-9 * np.abs(ratio[0])):
            return 2.0
        apart = one - other
        if np.all(np.abs(apart - apart[0]) <= 1e-9 * np.abs(apart[0])):
            return 1.5
        if np.allclose(np.sort(one), np.sort(other), rtol=1e-9, atol=0):
            return 2.0
        return float(np.abs(np.corrcoef(one.real, other.real)[0, 1]) > 0.9) * 0.5
