"""The sites of the port that may be at fault in one case, and what is known of each.

May import `by_line`, `cones`, `model`, `match`, `side`, `forms`, `likeness` and
`replay`.
"""

import copy
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from lockstep.explain.by_line import ByLine
from lockstep.explain.cones import cones
from lockstep.explain.forms import is_same_value, is_whole_number
from lockstep.explain.likeness import Ranking
from lockstep.explain.match import Matching, operation
from lockstep.explain.replay import Replayer
from lockstep.explain.side import Side
from lockstep.model.execution import Kind
from lockstep.project.m_files import spelling

MOST_TURNS = 12
"""Turns of a loop that are looked at one by one."""

HANDED_ON = frozenset(
    [
        "asarray", "array", "copy", "astype", "asanyarray", "ascontiguousarray", "float", "int",
        "atleast_1d",
    ]
)  # fmt: skip
"""Functions that often give what they were given."""

MEASURED = ".shape", ".ndim"
"""What is as it is because the array is."""

HANDING_ON = (Kind.READ, Kind.BINDING, Kind.ARGUMENT, Kind.RETURN)
"""What gives on the value of another."""

TRIED = (Kind.EXPRESSION, Kind.BINDING, Kind.RETURN, Kind.ARGUMENT, Kind.DEFAULT)
"""What can have a wrong value of its own; a read passes on that of another."""


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
    jumped : bool
        Whether it is a jump that was taken where the port takes none, or the other way round.
    is_derived : bool
        Whether `values` are what the site must give for a later one to have Octave's.
    """

    site: int
    octave_site: int
    proved: bool
    flipped: bool = False
    shared: bool = False
    values: tuple[Any, ...] = ()
    also: "Blamed | None" = None
    first_step: int = -1
    jumped: bool = False
    is_derived: bool = False


class Suspects:
    """The sites of one case.

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

    Attributes
    ----------
    functions : set of str
        The functions whose jumps are looked at.
    """

    def __init__(
        self, matching: Matching, replayer: Replayer, wrong_outputs: Sequence[int], given: int
    ) -> None:
        self.matching = matching
        self.port = matching.port
        self.octave = matching.octave
        self.replayer = replayer
        self.ranking = Ranking(matching)
        self._cones = cones(self.port.execution, wrong_outputs)
        self._cone = self._cones[-1]
        self.functions = {one.function for one in self.port.execution.frames}
        self._given = given
        self._bound: set[int] | None = None
        self._from_zero: set[int] | None = None

    @cached_property
    def by_line(self) -> ByLine:
        """What has a counterpart where both sides are read line by line."""
        return ByLine(self.matching)

    def parts(self) -> Iterator["Suspects"]:
        """Yield the suspects that are nearest to what is wrong, then those beyond."""
        nodes, frames = self.port.execution.nodes, self.port.execution.frames
        beyond, done = set[int](), set[str]()
        for cone in self._cones:
            is_last = cone is self._cones[-1]
            here = {frames[nodes[node].frame].function for node in cone}
            part = copy.copy(self)
            part._cone, part.functions = cone - beyond, (self.functions if is_last else here) - done
            beyond, done = cone, done | here
            yield part

    def kind(self, site: int) -> Kind:
        """Say what a site of the port is."""
        return self.port.sites[site].kind

    def sites(self) -> list[int]:
        """List the sites of the cone in the order of time."""
        first: dict[int, int] = {}
        for node in sorted(self._cone):
            first.setdefault(self.port.execution.nodes[node].site, node)
        return list(first)

    def is_given(self, site: int) -> bool:
        """Whether a site is an argument that the case gave, or its shape: it cannot be wrong."""
        node = self.port.execution.by_site[site][0]
        if self.kind(site) is Kind.EXPRESSION and self.port.sites[site].text.endswith(MEASURED):
            node = self._read_in(node)
        one = self.port.execution.nodes[node]
        is_argument = self.kind(one.site) is Kind.ARGUMENT
        return is_argument and one.frame == 0 and node < self._given

    def _read_in(self, node: int) -> int:
        """Return what gave a variable its value that an expression reads, and nothing else."""
        nodes = self.port.execution.nodes
        while len(nodes[node].inputs) == 1:
            node = nodes[node].inputs[0]
            if self.kind(nodes[node].site) is not Kind.READ:
                break
        return node

    def is_default(self, site: int) -> bool:
        """Whether a site is a parameter that nobody gave a value."""
        if self.kind(site) not in (Kind.DEFAULT, Kind.ARGUMENT) or self.is_given(site):
            return False
        execution = self.port.execution
        return not any(execution.nodes[node].inputs for node in execution.by_site[site])

    def is_handed_on(self, site: int) -> bool:
        """Whether a site gives on, unchanged, a small number of the case: it is as right as that.

        Of what tells more than small numbers do, a step that leaves it as it is may be at fault.
        """
        if self.port.streams[site].is_telling:
            return False
        return all(map(self._is_from_given, self.port.execution.by_site[site][:MOST_TURNS]))

    def likely_one_off(self) -> list[int]:
        """List the sites, those last that hardly are one too small or too large.

        What a number of the case is handed on to is as right as that, but for where it is used.
        """
        order = {}
        for site in self.sites():
            handed_on = self.is_handed_on(site)
            is_bound = handed_on and self.kind(site) is not Kind.READ
            order[site] = handed_on, is_bound, self.counts_from_zero(site)
        return sorted(order, key=order.__getitem__)

    def _is_from_given(self, node: int) -> bool:
        nodes = self.port.execution.nodes
        while not self.is_given(nodes[node].site):
            place, own = self.port.sites[nodes[node].site], self.port.numbers[node]
            if own is None or not (place.kind in HANDING_ON or place.name in HANDED_ON):
                return False
            same = (i for i in nodes[node].inputs if is_same_value(own, nodes[i].value))
            if (node := next(same, -1)) < 0:
                return False
        return True

    def counts_from_zero(self, site: int) -> bool:
        """Whether a site gives a variable one less than Octave's of that name has, or reads it."""
        if self._from_zero is None:
            self._from_zero = set(self._one_less_by_name())
        nodes, place = self.port.execution.nodes, self.port.sites[site]
        if place.kind is not Kind.READ:
            return place.statement in self._from_zero
        bound = (i for node in self.port.execution.by_site[site] for i in nodes[node].inputs)
        return any(self.port.execution.site(one).statement in self._from_zero for one in bound)

    def _one_less_by_name(self) -> Iterator[int]:
        octave: dict[str, list[Any]] = {}
        for number, stream in self.octave.streams.items():
            place = self.octave.sites[number]
            if place.kind is Kind.BINDING and stream.is_known:
                octave.setdefault(spelling(place.name), []).append(stream.flat)
        for number, stream in self.port.streams.items():
            place = self.port.sites[number]
            if place.kind is Kind.BINDING and all(map(is_whole_number, stream.values)):
                known = octave.get(spelling(place.name), ())
                if any(np.array_equal(stream.flat + 1, other) for other in known):
                    yield place.statement

    def wrong_sites(self) -> list[int]:
        """List the sites that gave a value that Octave has nowhere, by when they first did.

        So do defaults with another value than the variable of their name, though others have it.
        """
        found = [
            (self.matching.first_wrong(site), site)
            for site in self.sites()
            if self.kind(site) in TRIED
            and self.matching.is_wrong(site)
            and not self.matching.is_continued(site)
            and not self.is_given(site)
        ]
        others = filter(self._is_other_default, self.sites())
        found += [(self.port.execution.by_site[site][0], site) for site in others]
        return [site for _, site in sorted(found)]

    def _is_other_default(self, site: int) -> bool:
        """Whether a default is told from Octave's by the name, not by the value alone."""
        if not self.is_default(site) or self.matching.is_wrong(site):
            return False
        if not self.port.streams[site].is_telling:
            return False
        name, partners = self.port.target(site), self.matching.partners.get(site, ())
        named = {
            other
            for other in self.octave.streams
            if self.octave.sites[other].kind in (Kind.BINDING, Kind.ARGUMENT)
            and self.matching.is_called(name, self.octave.sites[other].name)
        }
        return bool(named) and named.isdisjoint(partners)

    def doubtful_sites(self, *, confirmed: bool) -> Iterator[int]:
        """List the sites whose values Octave has, too, but perhaps by chance."""
        for site in self.sites():
            if self.kind(site) not in TRIED or self.is_given(site):
                continue
            stream = self.port.streams[site]
            if not stream.is_known or self.matching.is_wrong(site):
                continue
            says_much = stream.is_telling and not self._leaves_as_it_is(site)
            is_sure = says_much or self.matching.is_confirmed(site) or self._is_bound(site)
            if confirmed or not is_sure:
                yield site

    def _leaves_as_it_is(self, site: int) -> bool:
        """Whether an operation gave each time what it was given: Octave's value is that of before.

        So does a remainder of what is small already; that it is the right one nothing says. What
        a function of the port's own returns is its own.
        """
        place = self.port.sites[site]
        if place.kind is not Kind.EXPRESSION or place.name in HANDED_ON:
            return False
        return all(map(self._is_given_on, self.port.execution.by_site[site][:MOST_TURNS]))

    def _is_given_on(self, node: int) -> bool:
        nodes, own = self.port.execution.nodes, self.port.numbers[node]
        given = [
            nodes[i] for i in nodes[node].inputs if self.kind(nodes[i].site) is not Kind.RETURN
        ]
        return own is not None and any(is_same_value(own, one.value) for one in given)

    def _is_bound(self, site: int) -> bool:
        """Whether a value is what a variable gets that Octave has, too: by name and by value."""
        if self._bound is None:
            nodes = self.port.execution.nodes
            self._bound = {
                nodes[nodes[self.port.execution.by_site[one][0]].inputs[0]].site
                for one in self.port.streams
                if self.kind(one) is Kind.BINDING
                and self.port.sites[one].whole
                and self.matching.is_confirmed(one)
                and len(nodes[self.port.execution.by_site[one][0]].inputs) == 1
            }
        return site in self._bound

    def is_decided_alike(self, site: int) -> bool:
        """Whether Octave decides the same at some place: the same operation on the same values."""
        nodes = self.port.execution.nodes
        node = self.port.execution.by_site[site][0]
        while self.kind(nodes[node].site) is not Kind.EXPRESSION and len(nodes[node].inputs) == 1:
            node = nodes[node].inputs[0]
        made = nodes[node].site
        return any(self._is_the_same(made, other) for other in self.matching.partners.get(made, ()))

    def _is_the_same(self, site: int, other: int) -> bool:
        place, there = self.port.sites[site], self.octave.sites[other]
        if not place.kind is there.kind is Kind.EXPRESSION or operation(place) != operation(there):
            return False
        own, theirs = (
            side.execution.nodes[side.execution.by_site[one][0]].inputs
            for side, one in ((self.port, site), (self.octave, other))
        )
        values = [self.octave.execution.nodes[i].value for i in theirs]
        return 0 < len(own) == len(theirs) and all(
            number is not None and is_same_value(number, value)
            for number, value in zip((self.port.numbers[i] for i in own), values, strict=True)
        )

    def first_continued(self) -> int:
        """Return when a value first came about that goes as in Octave, but more or less often.

        There the values are right, and the way through the program is not. Returns the number of
        nodes where there is none.
        """
        times = (
            self.port.execution.by_site[site][0]
            for site in self.sites()
            if self.matching.is_continued(site)
        )
        return min(times, default=len(self.port.execution.nodes))

    def reads(self) -> Iterator[int]:
        """List the reads: the wrong variable may be read, or an old version of the right one."""
        for site in self.sites():
            if self.kind(site) is Kind.READ:
                yield site

    def deciders(self, site: int) -> list[int]:
        """List the decisions that a site ran under, the innermost first."""
        nodes = self.port.execution.nodes
        found: list[int] = []
        for node in self.port.execution.by_site[site][:MOST_TURNS]:
            decision = nodes[node].decision
            while decision >= 0:
                if self.kind(nodes[decision].site) is Kind.DECISION:
                    found.append(nodes[decision].site)
                decision = nodes[decision].decision
        return list(dict.fromkeys([*found, *self._might_change(site)]))

    def _might_change(self, site: int) -> Iterator[int]:
        """Yield the decisions, the last first, that kept a variable from change that a site reads.

        They are before the site, in its function, and the statement under them never ran.
        """
        source, by_site = self.port.execution.source, self.port.execution.by_site
        place = self.port.sites[site]
        read = {self.port.sites[s].name for s in place.parts if self.kind(s) is Kind.READ}
        ran = {self.port.sites[s].statement for s in by_site}
        kept = {
            one.parent
            for one in source.statements[: place.statement]
            if one.function == place.function and one.number not in ran
            and not read.isdisjoint(one.defines)
        }  # fmt: skip
        for other in sorted(by_site, reverse=True):
            if self.kind(other) is Kind.DECISION and self.port.sites[other].statement in kept:
                yield other

    def inputs_of(self, side: Side, site: int, depth: int) -> list[int]:
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
