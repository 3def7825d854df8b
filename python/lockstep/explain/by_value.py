"""Which values of Octave, put in the place of the port's, heal a case.

May import `model`, `by_case`, `forms`, `likeness`, `numbers`, `suspects`, `sides` and `sources`.
"""

import ast
import contextlib
import copy
import hashlib
from collections.abc import Container, Iterable, Iterator, Sequence
from itertools import chain, combinations, product
from typing import Any

import numpy as np

from lockstep.explain.by_case import is_right
from lockstep.explain.forms import (
    aligned,
    are_whole,
    as_integers,
    is_same_stream,
    is_whole_number,
    one_less,
)
from lockstep.explain.likeness import Counterpart
from lockstep.explain.suspects import Blamed, Suspects
from lockstep.model.execution import Kind, Site, Source
from lockstep.sides.recorder import Replacement
from lockstep.sources.parameters import constants_compared_with, is_switch

FEW_COUNTERPARTS = 4
"""Counterparts that are tried at once for each site ..."""

MOST_COUNTERPARTS = 12
"""... and when none of those of any site heals ..."""

MOST_AT_FIRST_WRONG = 60
"""... and for one that is wrong though all it read is right."""

MOST_PAIRED = 8
"""Sites that are tried in pairs where no site alone heals."""

MOST_UNPACKED = 4
"""Variables that one statement binds that are tried in pairs."""


class ByValue:
    """Puts values in the place of the port's.

    Parameters
    ----------
    suspects : Suspects
        Of one case.
    """

    def __init__(self, suspects: Suspects) -> None:
        self._suspects = suspects
        self._tried: dict[tuple[int, int], Blamed | None] = {}
        self._failed: set[tuple[int, bytes]] = set()
        self._compared: dict[int, list[Any]] = {}

    def healed_in_time(self, sites: Sequence[int]) -> Iterator[Blamed]:
        """Try a few counterparts of each site; where one heals, more of those before it."""
        for i, site in enumerate(sites):
            found = next(self.each_healed([site], FEW_COUNTERPARTS), None)
            if found is not None:
                yield from self.unpacked(sites[:i])
                yield from self.each_healed(sites[:i])
                yield found
                yield from self.each_healed(sites[i + 1 :], FEW_COUNTERPARTS)
                return
        yield from self.unpacked(sites)
        yield from self.each_healed(sites)

    def each_healed(self, sites: Iterable[int], most: int = 0) -> Iterator[Blamed]:
        """Yield the sites that heal; of `most` counterparts each, the plausible ones only."""
        for site in sites:
            if self._suspects.replayer.is_over:
                return
            first = self._suspects.matching.is_first_wrong(site)
            enough = most or (MOST_AT_FIRST_WRONG if first else MOST_COUNTERPARTS)
            ranked = self._suspects.ranking.of(site)
            if most:
                ranked = [one for one in ranked if self._suspects.ranking.is_plausible(site, one)]
            found = self.healed(site, ranked[:enough])
            if found is not None:
                yield found

    def healed(self, site: int, counterparts: Sequence[Counterpart]) -> Blamed | None:
        """Put the values of counterparts in the place of a site until one heals."""
        matching = self._suspects.matching
        if not self._suspects.port.streams[site].is_known or is_right(matching, site):
            return None
        for one in counterparts:
            if self._suspects.replayer.is_over:
                return None
            key = site, id(one)  # the ranking keeps its counterparts
            if key not in self._tried:
                self._tried[key] = self._healed_by(site, one)
            found = self._tried[key]
            if found is not None:
                return found
        return None

    def _healed_by(self, site: int, one: Counterpart) -> Blamed | None:
        known = self._asked_for(site) if self._suspects.is_default(site) else []
        for values in self._values(site, one):
            if known and not all(_is_among(value, known) for value in values):
                continue  # the function would not know what to do with it
            told = site, _print(values)
            if told in self._failed:
                continue  # another counterpart has the same numbers
            if self._suspects.replayer.heals({site: values}):
                return Blamed(site, one.site, True, values=tuple(values))
            if told[1]:
                self._failed.add(told)
        if self._counts(site, one):
            counted = [int(v) for v in one.stream.flat.real]
            if self._suspects.replayer.run({site: _in_turn(counted)}):
                return Blamed(site, one.site, True, values=tuple(counted))
        return None

    def _counts(self, site: int, one: Counterpart) -> bool:
        """Whether a variable counts in Octave that only says in the port whether something is."""
        port, octave, matching = (
            self._suspects.port, self._suspects.octave, self._suspects.matching
        )  # fmt: skip
        if port.sites[site].kind is not Kind.BINDING or any(n != 1 for n in one.stream.sizes):
            return False
        is_truth = all(isinstance(v, (bool, np.bool_)) for v in port.streams[site].values)
        is_number = are_whole(one.stream.flat) and not set(one.stream.flat.tolist()) <= {0, 1}
        name, target = port.target(site), octave.target(one.site)
        return is_truth and is_number and matching.is_called(name, target)

    def is_kept(self, site: int, counterparts: Sequence[Counterpart]) -> bool:
        """Whether the outputs agree with the values of some counterpart in place, in some way."""
        stream = self._suspects.port.streams[site]
        if not stream.is_known:
            return True
        ways = [way for one in counterparts for way in self._ways(site, one)]
        if not ways or any(is_same_stream(stream, way) for way in ways):
            return True
        return any(self._suspects.replayer.heals({site: way}) for way in ways)

    def _values(self, site: int, one: Counterpart) -> Iterator[list[Any]]:
        """Yield what a counterpart puts in the place of a site's, in each way that changes it."""
        stream = self._suspects.port.streams[site]
        return (way for way in self._ways(site, one) if not is_same_stream(stream, way))

    def _ways(self, site: int, one: Counterpart) -> Iterator[list[Any]]:
        """Yield the values of a counterpart in each form in which the port may have them.

        What a variable is given that counts from 0 already is not made one less.
        """
        stream = self._suspects.port.streams[site]
        ways = list(aligned(stream, one.stream))
        from_one = [] if self._suspects.counts_from_zero(site) else ways
        fewer = (one_less(stream, way) for way in from_one)
        whole = ways if self._suspects.port.execution.error else []
        for way in chain(ways, fewer, (as_integers(stream, way) for way in whole)):
            if way is not None:
                yield way

    def first_values(self, site: int, counterparts: Sequence[Counterpart]) -> list[Any] | None:
        """Return the likeliest values of Octave that are others than the site's own."""
        return next((way for one in counterparts for way in self._values(site, one)), None)

    def copied(self) -> Iterator[Blamed]:
        """Copy what is changed in place later: Octave's values are never shared."""
        execution = self._suspects.port.execution
        last_change: dict[int, int] = {}
        for node in execution.changes:
            last_change[execution.objects.get(node, -1)] = node
        tried: set[int] = set()
        for node, held in execution.objects.items():
            site = execution.nodes[node].site
            kind = self._suspects.kind(site)
            if site in tried or last_change.get(held, -1) <= node:
                continue
            if kind is Kind.DECISION or not execution.source.sites[site].whole:
                continue
            tried.add(site)
            if self._suspects.replayer.is_over:
                return
            if self._suspects.replayer.run({site: lambda turn, own: unshared(own)}):
                yield Blamed(site, -1, True, shared=True, first_step=self._changer(node))

    def _changer(self, node: int) -> int:
        """Return the site that changes an object which its function was given; -1 for none."""
        execution = self._suspects.port.execution
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
                if first >= 0 and self._suspects.kind(execution.nodes[first].site) is Kind.ARGUMENT:
                    return execution.nodes[change].site
                return -1
        return -1

    def one_off(self, sites: Iterable[int]) -> Iterator[Blamed]:
        """Make whole numbers one more and one less: an index or a size that Octave has nowhere."""
        for site in sites:
            stream = self._suspects.port.streams[site]
            if self._suspects.is_given(site) or not all(map(is_whole_number, stream.values)):
                continue
            for step in (1, -1):
                if self._suspects.replayer.is_over:
                    return
                if self._suspects.replayer.run({site: _moved(step, self._given_to(site))}):
                    moved = tuple(value + step for value in stream.values)
                    yield Blamed(site, -1, True, values=moved)

    def _given_to(self, site: int) -> set[int]:
        """Return the turns at which a parameter was given a value by a call in the port."""
        execution = self._suspects.port.execution
        if self._suspects.kind(site) is not Kind.ARGUMENT:
            return set()
        turns = enumerate(execution.by_site[site])
        given = {turn for turn, node in turns if execution.nodes[node].inputs}
        return given if len(given) < len(execution.by_site[site]) else set()

    def other_defaults(self, sites: Iterable[int]) -> Iterator[Blamed]:
        """Give a default that fits no comparison in its function one of the values of these.

        Octave may have no such variable: a flag, or what stands for "not given".
        """
        for site in sites:
            if not self._suspects.is_default(site):
                continue
            own = self._suspects.port.streams[site].values
            if self._asked_for(site):
                continue
            for value in self._compared_with(site):
                if self._suspects.replayer.is_over:
                    return
                if self.is_default_of(site, value):
                    yield Blamed(site, -1, True, values=(value,) * len(own))
                    break

    def _asked_for(self, site: int) -> list[Any]:
        """List what a default is compared with in its function, where it is one of that itself."""
        known, own = self._compared_with(site), self._suspects.port.streams[site].values
        return known if any(_is_among(value, known) for value in own) else []

    def _compared_with(self, site: int) -> list[Any]:
        """List what the parameter of a site is asked to be; the source is read once for each."""
        if site not in self._compared:
            source = self._suspects.port.execution.source
            self._compared[site] = _compared_with(source, source.sites[site])
        return self._compared[site]

    def is_default_of(self, site: int, value: Any) -> bool:
        """Whether the outputs agree with a value in the place of a default."""
        return self._suspects.replayer.run({site: lambda turn, own: value})

    def unpacked(self, sites: Sequence[int]) -> Iterator[Blamed]:
        """Put values in the place of two variables at once to which one statement gives theirs."""
        groups: dict[int, list[int]] = {}
        for site in sites:
            place = self._suspects.port.sites[site]
            if place.kind is Kind.BINDING and self._suspects.port.streams[site].is_known:
                groups.setdefault(place.statement, []).append(site)
        for own in groups.values():
            yield from self._pairs(own[:MOST_UNPACKED])

    def paired(self) -> Iterator[Blamed]:
        """Put values in the place of two sites at once: there may be two faults."""
        first = [
            s for s in self._suspects.wrong_sites() if self._suspects.matching.is_first_wrong(s)
        ]
        first = [s for s in first if self._suspects.port.streams[s].is_known][:MOST_PAIRED]
        yield from self._pairs(first)

    def _pairs(self, sites: Sequence[int]) -> Iterator[Blamed]:
        best = {site: self._suspects.ranking.of(site)[:2] for site in sites}
        for site, other in combinations(sites, 2):
            for one, two in product(best[site], best[other]):
                if self._suspects.replayer.is_over:
                    return
                found = self._pair_healed((site, one), (other, two))
                if found is not None:
                    yield found

    def _pair_healed(
        self, first: tuple[int, Counterpart], second: tuple[int, Counterpart]
    ) -> Blamed | None:
        values = [self.first_values(site, [one]) for site, one in (first, second)]
        if values[0] is None or values[1] is None:
            return None
        if not self._suspects.replayer.heals({first[0]: values[0], second[0]: values[1]}):
            return None
        also = Blamed(second[0], second[1].site, True, values=tuple(values[1]))
        return Blamed(first[0], first[1].site, True, values=tuple(values[0]), also=also)


def _print(values: Sequence[Any]) -> bytes:
    """Return what is the same for values with the same numbers; empty for what has other parts."""
    found = hashlib.blake2b(digest_size=16)
    for value in values:
        if not isinstance(value, (bool, int, float, complex, np.generic, np.ndarray)):
            return b""
        array = np.asarray(value)
        if array.dtype.kind not in "biufc":
            return b""
        shape = tuple(n for n in array.shape if n != 1)
        found.update(f"{array.dtype.str}{shape}".encode())
        found.update(array.tobytes(order="F"))
    return found.digest()


def _compared_with(source: Source, place: Site) -> list[Any]:
    """List the constants that one of the parameters of a function is asked to be.

    Where it is asked nothing there, it may be handed on to one of its name in another function of
    the file.
    """
    file = source.files[place.function]
    own, others = list[Any](), list[Any]()
    for site in source.sites:
        is_asking = site.kind in _ASKING and place.name in site.text
        if not is_asking or source.files[site.function] != file:
            continue
        found = own if site.function == place.function else others
        with contextlib.suppress(SyntaxError):
            tree = ast.parse(site.text.strip(), mode="eval").body
            if site.kind is Kind.DECISION and is_switch(place.name, tree):
                found += [False, True]
            else:
                found += constants_compared_with(place.name, ast.Expression(tree))
    return own or others


def _is_among(value: Any, known: Sequence[Any]) -> bool:
    return any(type(value) is type(one) and bool(value == one) for one in known)


_ASKING = Kind.EXPRESSION, Kind.DECISION


def _in_turn(values: Sequence[Any]) -> Replacement:
    return lambda turn, own: values[turn] if turn < len(values) else own


def _moved(step: int, but: Container[int] = ()) -> Replacement:
    return lambda turn, own: own if turn in but else own + step


def unshared(value: Any) -> Any:
    """Copy a value so that nothing in it is shared with another, nor with another part of it."""
    if isinstance(value, list):
        return [unshared(item) for item in value]
    if isinstance(value, dict):
        return {key: unshared(item) for key, item in value.items()}
    return copy.deepcopy(value)
