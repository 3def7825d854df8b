"""The sites of the port that may be at fault in one case, and what is known of each.

May import `model`, `match`, `forms`, `likeness` and `replay`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from lockstep.explain.forms import is_same_value
from lockstep.explain.likeness import Ranking
from lockstep.explain.match import Matching, Side
from lockstep.explain.replay import Replayer
from lockstep.model.execution import Kind

MOST_TURNS = 12
"""Turns of a loop that are looked at one by one."""

HANDED_ON = frozenset(
    [
        "asarray", "array", "copy", "astype", "asanyarray", "ascontiguousarray", "float", "int",
        "atleast_1d",
    ]
)  # fmt: skip
"""Functions that often give what they were given."""

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
    """

    def __init__(
        self, matching: Matching, replayer: Replayer, wrong_outputs: Sequence[int], given: int
    ) -> None:
        self.matching = matching
        self.port = matching.port
        self.octave = matching.octave
        self.replayer = replayer
        self.ranking = Ranking(matching)
        self._cone = self._cone_of(wrong_outputs)
        self._given = given

    def _cone_of(self, outputs: Sequence[int]) -> set[int]:
        """Collect the nodes of the port that the wrong outputs come from, and all decisions."""
        nodes = self.port.execution.nodes
        if not outputs:
            return set(range(len(nodes)))
        cone: set[int] = set()
        todo = list(outputs)
        todo += [i for i, node in enumerate(nodes) if self.kind(node.site) is Kind.DECISION]
        while todo:
            node = todo.pop()
            if node in cone or node < 0:
                continue
            cone.add(node)
            todo += [*nodes[node].inputs, nodes[node].decision]
        return cone

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
        """Whether a site is an argument that the case gave: it cannot be wrong."""
        if self.kind(site) is not Kind.ARGUMENT:
            return False
        node = self.port.execution.by_site[site][0]
        return self.port.execution.nodes[node].frame == 0 and node < self._given

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

    def wrong_sites(self) -> list[int]:
        """List the sites that gave a value that Octave has nowhere, by when they first did."""
        found = [
            (self.matching.first_wrong(site), site)
            for site in self.sites()
            if self.kind(site) in TRIED
            and self.matching.is_wrong(site)
            and not self.matching.is_continued(site)
        ]
        return [site for _, site in sorted(found)]

    def doubtful_sites(self, *, confirmed: bool) -> Iterator[int]:
        """List the sites whose values Octave has, too, but perhaps by chance."""
        for site in self.sites():
            if self.kind(site) not in TRIED or self.is_given(site):
                continue
            stream = self.port.streams[site]
            if not stream.is_known or self.matching.is_wrong(site):
                continue
            if confirmed or not (stream.is_telling or self.matching.is_confirmed(site)):
                yield site

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
        return list(dict.fromkeys(found))

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
