"""Which site of the port stands for which of Octave, by the values that both gave.

Large arrays of measured numbers are as good as fingerprints: what both sides computed from the same
inputs corresponds, whatever it is called. A loop on one side may be one array on the other, so it
is the whole stream of a site's values that is compared, element by element in either memory order.
Small whole numbers prove little. May import `model`, `lookup`, `numbers` and `side`.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from lockstep.explain.lookup import Index
from lockstep.explain.numbers import (
    Stream,
    is_telling,
    is_whole,
    one_more,
    same_numbers,
)
from lockstep.explain.side import Side, take_copies_for_one, take_in_order
from lockstep.model.execution import Execution, Kind, Site

Spreads = Mapping[int, np.ndarray]
"""How far the numbers of each site of the port move by rounding, in the order of `Stream.flat`."""


@dataclass
class Matching:
    """What stands for what.

    Attributes
    ----------
    octave, port : Side
        Both executions.
    partners : dict
        Of each site of the port: the sites of Octave that gave the same stream.
    claimed : set of int
        Sites of Octave that are a partner of one.
    known : dict
        Of each node of the port whose numbers are known: whether Octave had the same value.
    turned : set of int
        Sites of the port whose values are Octave's in another memory order, or less one, only.
    octave_classes, port_classes : dict
        Of each node with a telling value: the first node of Octave that had the same.
    names : mapping
        The variable of the port that stands for one of Octave's, where that was declared.
    kept : sequence of Matching
        Of cases that agree: they tell what stands for what, too.
    companions : dict
        Of sites of the port: those of Octave that gave the same in each of these cases.
    """

    octave: Side
    port: Side
    partners: dict[int, list[int]] = field(default_factory=dict)
    claimed: set[int] = field(default_factory=set)
    known: dict[int, bool] = field(default_factory=dict)
    turned: set[int] = field(default_factory=set)
    octave_classes: dict[int, int] = field(default_factory=dict)
    port_classes: dict[int, int] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    kept: Sequence["Matching"] = ()
    companions: dict[int, set[int]] = field(default_factory=dict)
    _continued: dict[int, bool] = field(default_factory=dict)

    def first_wrong(self, site: int) -> int:
        """Return the first node of a site that Octave had no value for; -1 for none."""
        nodes = self.port.execution.by_site.get(site, ())
        return next((node for node in nodes if self.known.get(node) is False), -1)

    def is_wrong_later(self, site: int, than: int) -> bool:
        """Whether a site gave a wrong value only after another one had: then that led to it.

        What it gave before is no small number, which may be wrong all the same.
        """
        begins = self.port.numbers[self.port.execution.by_site[site][0]]
        is_right_before = begins is not None and begins.is_telling
        return is_right_before and self.first_wrong(site) > self.first_wrong(than) >= 0

    def is_confirmed(self, site: int) -> bool:
        """Whether a site of Octave gave the same values, and does or is called the same."""
        place = self.port.sites[site]
        name = self.port.target(site)
        for other in self.partners.get(site, ()):
            there = self.octave.sites[other]
            if place.kind is there.kind is Kind.EXPRESSION and operation(place) == operation(there):
                return True
            if name and self.is_called(name, self.octave.target(other)):
                return True
        return False

    def is_in_another_order(self, site: int) -> bool:
        """Whether a site gave no site of Octave's numbers but in another memory order."""
        own = self.port.streams[site].flat
        theirs = (self.octave.streams[other].flat for other in self.partners.get(site, ()))
        return site in self.turned and not any(
            same_numbers(own, flat) or same_numbers(one_more(own), flat) for flat in theirs
        )

    def is_called(self, name: str, octave: str) -> bool:
        """Whether a variable of the port is called as one of Octave, or declared to be the same."""
        if octave in self.names:
            return self.names[octave] == name
        return bool(name and octave) and spell(name) == spell(octave)

    def is_wrong(self, site: int) -> bool:
        """Whether a site of the port gave a value that Octave has nowhere."""
        if self.partners.get(site):
            return False
        nodes = self.port.execution.by_site.get(site, ())
        return any(self.known.get(node) is False for node in nodes)

    def is_continued(self, site: int) -> bool:
        """Whether a site goes as one of Octave of its name or kind does, as long as both last.

        So it does in a loop that ends too early or too late, and in a branch that is taken too
        often: each value is right.
        """
        if site not in self._continued:
            self._continued[site] = any(self._goes_on(site, other) for other in self._alike(site))
        return self._continued[site]

    def _alike(self, site: int) -> Iterator[int]:
        """List the sites of Octave that bind the same variable or do the same."""
        place, name = self.port.sites[site], self.port.target(site)
        if self.partners.get(site) or place.kind not in (Kind.BINDING, Kind.EXPRESSION):
            return
        for other in self.octave.streams:
            there = self.octave.sites[other]
            if there.kind is not place.kind:
                continue
            if place.kind is Kind.EXPRESSION:
                alike = operation(place) == operation(there)
            else:
                alike = self.is_called(name, self.octave.target(other))
            if alike:
                yield other

    def _goes_on(self, site: int, other: int) -> bool:
        own, theirs = self.port.streams[site].items, self.octave.streams[other].items
        shorter = min(len(own), len(theirs))
        if len(own) == len(theirs) or max(len(own), len(theirs)) < 2:
            return False
        if not (self.port.is_in_loop(site) and self.octave.is_in_loop(other)):
            return False
        pairs = list(zip(own[:shorter], theirs[:shorter], strict=True))
        if not any(one is not None and is_telling(one.flat) for one, _ in pairs):
            return False
        return all(
            one is not None and two is not None and same_numbers(one.flat, two.flat)
            for one, two in pairs
        )

    def is_sure(self, site: int) -> bool:
        """Whether what a site of the port gave is right, beyond chance."""
        if self.is_wrong(site):
            return False
        stream = self.port.streams.get(site)
        return stream is not None and stream.is_known and stream.is_telling

    def is_first_wrong(self, site: int) -> bool:
        """Whether a site gave a wrong value though all that it read is right."""
        nodes = self.port.execution.nodes
        given = self.port.execution.by_site.get(site, ())  # a jump gives nothing
        wrong = [n for n in given if self.known.get(n) is False]
        if not wrong:
            return False
        return not any(self.known.get(i) is False for i in nodes[wrong[0]].inputs)


def match(
    octave: Execution,
    port: Execution,
    spreads: Spreads | None = None,
    names: Mapping[str, str] | None = None,
) -> Matching:
    """Find which sites of the port gave the same values as which of Octave."""
    found = Matching(Side(octave), Side(port), names=names or {})
    take_copies_for_one(found.octave, found.port)
    _match(found, spreads or {})
    if take_in_order(found.octave, found.port, _had_in_no_such_order(found)):
        found = Matching(found.octave, found.port, names=names or {})
        _match(found, spreads or {})
    _see_what_parts(found)
    return found


def _match(found: Matching, spreads: Spreads) -> None:
    _match_streams(found, spreads)
    _match_nodes(found, spreads)


def _had_in_no_such_order(found: Matching) -> Iterator[int]:
    """Yield the sites of the port of which Octave has each value, but no site has all in order."""
    for site, nodes in found.port.execution.by_site.items():
        if site not in found.partners and all(found.known.get(node) for node in nodes):
            yield site


def _match_streams(found: Matching, spreads: Spreads) -> None:
    straight, index = Index(), Index()
    for number, stream in found.octave.streams.items():
        if stream.is_known:
            straight.add(stream.flat, number)
            for order in stream.orders:
                index.add(order, number)
    for number, stream in found.port.streams.items():
        if not stream.is_known:
            continue
        keys = straight.find(stream.flat, spreads.get(number))
        if not keys:
            for order in stream.orders:
                keys += index.find(order)
            if not keys and _may_be_places(stream):
                keys += straight.find(one_more(stream.flat))
            if keys:
                found.turned.add(number)
        if keys:
            found.partners[number] = list(dict.fromkeys(keys))
            if stream.is_telling or len(stream.values) > 1:
                found.claimed.update(keys)
                found.claimed.update(*(found.octave.sites[key].copies for key in keys))


FEW = 3
"""Different whole numbers from which on those that are all one less are no accident."""


def _may_be_places(stream: Stream) -> bool:
    """Whether values may be places that count from 0: whole numbers, and not all of them small."""
    return len(np.unique(stream.flat)) >= FEW and all(map(is_whole, stream.values))


MOST_NODES = 300
"""Turns of a site whose values are looked up one by one."""


def _match_nodes(found: Matching, spreads: Spreads) -> None:
    straight, index = Index(), Index()
    early = {n for nodes in found.octave.execution.by_site.values() for n in nodes[:MOST_NODES]}
    for node in sorted(early):
        item = found.octave.numbers[node]
        if item is None:
            continue
        same = straight.first(item.flat)
        if item.is_telling:
            found.octave_classes[node] = same if same >= 0 else node
        if same < 0:
            straight.add(item.flat, node)
            index.add(item.flat, node)
            if item.rows is not None:
                index.add(item.rows, node)
    for site, nodes in found.port.execution.by_site.items():
        stream = found.port.streams[site]
        starts = np.concatenate([[0], np.cumsum(stream.sizes)])
        whole = spreads.get(site)
        is_partner = site in found.partners and site not in found.turned
        for turn, node in enumerate(nodes):
            item = stream.items[turn]
            if item is None or (turn >= MOST_NODES and not is_partner):
                continue
            if turn >= MOST_NODES:
                found.known[node] = True
                continue
            spread = None if whole is None else whole[starts[turn] : starts[turn + 1]]
            same = straight.first(item.flat, spread)
            if same < 0 and site not in found.partners:
                same = index.first(item.flat)
                if same < 0 and item.rows is not None:
                    same = index.first(item.rows)
                if same < 0 and is_whole(stream.values[turn]):
                    same = straight.first(one_more(item.flat))
                if same >= 0:
                    found.turned.add(site)
            found.known[node] = same >= 0 or site in found.partners or item.flat.size == 0
            if same >= 0 and item.is_telling:
                found.port_classes[node] = same


LEAST_ALIKE = 0.5
"""Part of the turns of two sites that must agree, so that the others are no other site's values."""


def _see_what_parts(found: Matching) -> None:
    """See that values are wrong that Octave has elsewhere, where a site goes along with another.

    Of few or simple inputs many values are the same by chance.
    """
    free = [
        (number, stream)
        for number, stream in found.octave.streams.items()
        if number not in found.claimed and len(stream.values) >= FEW and stream.is_known
    ]
    for site, stream in found.port.streams.items():
        nodes = found.port.execution.by_site[site][:MOST_NODES]
        is_open = site not in found.partners and all(found.known.get(node) for node in nodes)
        if not is_open or len(nodes) < FEW or not stream.is_telling:
            continue
        alike = [
            _agreeing_turns(stream, other)
            for number, other in free
            if other.sizes == stream.sizes
            and found.octave.sites[number].kind is found.port.sites[site].kind
        ]
        best = max(alike, key=sum, default=[])
        if sum(best) >= max(2, LEAST_ALIKE * len(best)):
            found.known.update(
                dict.fromkeys(
                    (node for node, same in zip(nodes, best, strict=False) if not same), False
                )
            )


def _agreeing_turns(own: Stream, theirs: Stream) -> list[bool]:
    pairs = list(zip(own.items, theirs.items, strict=True))[:MOST_NODES]
    return [
        one is not None and other is not None and same_numbers(one.flat, other.flat)
        for one, other in pairs
    ]


def spell(name: str) -> str:
    """Write a name as names are compared: without case and underscores."""
    return name.replace("_", "").lower()


_SAME_OPERATION = {
    ".*": "*", "./": "/", ".^": "**", "^": "**", "@": "*", "!": "not", "~": "not", "&&": "and",
    "||": "or", "&": "and", "|": "or", "~=": "!=", ".'": "t", "'": "t", "transpose": "t",
    "convolve": "conv", "numel": "len", "length": "len", "size": "shape", "amax": "max",
    "amin": "min",
    "absolute": "abs", "colon": "arange", ":": "arange", "range": "arange", "true": "ones",
    "false": "zeros", "%": "mod", "remainder": "mod", "concatenate": "[]",
    "hstack": "[]", "vstack": "[]", "list": "[]",
    "matrix": "[]", "array": "[]", "fix": "trunc", "logical_and": "and", "logical_or": "or",
    "nonzero": "find", "flatnonzero": "find", "where": "find", "trapezoid": "trapz",
}  # fmt: skip


def operation(site: Site) -> str:
    """Say what an expression does in a word that both languages share."""
    name = spell(site.name)
    return _SAME_OPERATION.get(name, name)


def asked(side: Side, site: int) -> int:
    """Return the expression of which a decision is the value; of anything else, that itself."""
    while side.sites[site].kind is Kind.DECISION and len(side.sites[site].parts) == 1:
        (site,) = side.sites[site].parts
    return site


DEPTH = 3
"""How far inputs are followed past values that tell nothing."""


def inputs_in_common(found: Matching, port_site: int, octave_site: int) -> float:
    """Say what part of the telling inputs of a site of the port are inputs of one of Octave."""
    own = telling_inputs(found.port, found.port_classes, port_site)
    if not own:
        return 0.0
    theirs = telling_inputs(found.octave, found.octave_classes, octave_site)
    return len(own & theirs) / len(own | theirs)


def telling_inputs(
    side: Side, classes: Mapping[int, int], site: int, depth: int = DEPTH
) -> frozenset[int]:
    """Return the classes of the telling values that a site reads, directly or nearly so."""
    if (site, depth) not in side.inputs:
        found: set[int] = set()
        level = list(side.execution.nodes[side.execution.by_site[site][-1]].inputs)
        for _ in range(depth):
            below: list[int] = []
            for number in level:
                if number in classes:
                    found.add(classes[number])
                else:
                    below += side.execution.nodes[number].inputs
            level = below
        side.inputs[site, depth] = frozenset(found)
    return side.inputs[site, depth]
