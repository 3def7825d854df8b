"""One execution with its values as streams, in which copies may be taken for one.

May import `model`, `copies`, `crossed`, `lookup`, `numbers` and `reordered`.
"""

from collections.abc import Iterable, Sequence
from functools import cached_property

import numpy as np

from lockstep.explain.copies import Copies, Sites, groups_of_copies, joined, with_sites
from lockstep.explain.crossed import crossed_turns
from lockstep.explain.lookup import Index
from lockstep.explain.numbers import Numbers, Stream
from lockstep.explain.reordered import reordered
from lockstep.model.execution import Execution, Kind, StatementKind

_LOOPS = (StatementKind.FOR, StatementKind.WHILE)


class Side:
    """One execution, with its values as streams.

    Parameters
    ----------
    execution : Execution
        What the side did.

    Attributes
    ----------
    recorded : Execution
        The same, without the sites that were added.
    """

    def __init__(self, execution: Execution) -> None:
        self.recorded = self.execution = execution
        self.sites = execution.source.sites
        self.inputs: dict[tuple[int, int], frozenset[int]] = {}
        self._known: dict[int, Numbers | None] = {}
        self.streams: dict[int, Stream] = {
            number: self._stream(number, nodes) for number, nodes in execution.by_site.items()
        }

    def _stream(self, site: int, nodes: Sequence[int]) -> Stream:
        values = [self.execution.nodes[node].value for node in nodes]
        return Stream(site, values, self._known, crossed_turns(self.execution, nodes))

    def stream_of(self, copies: Copies) -> Stream:
        """Return what several sites gave, in the order of time."""
        return self._stream(-1, joined(self.execution.by_site, copies))

    def add(self, groups: Sequence[Sites]) -> None:
        """Take what some sites gave, together or in another order, for sites of their own, too."""
        if not groups:
            return
        number = len(self.sites)
        self.execution = with_sites(self.execution, groups)
        self.sites = self.execution.source.sites
        for site in range(number, len(self.sites)):
            if site in self.execution.by_site:
                self.streams[site] = self._stream(site, self.execution.by_site[site])

    @cached_property
    def numbers(self) -> list[Numbers | None]:
        """The numbers of each node."""
        found: list[Numbers | None] = [None] * len(self.execution.nodes)
        for number, nodes in self.execution.by_site.items():
            for node, item in zip(nodes, self.streams[number].items, strict=True):
                found[node] = item
        return found

    @cached_property
    def parents(self) -> dict[int, int]:
        """The site that each site is a part of."""
        return self.execution.source.parents

    def target(self, site: int) -> str:
        """Return the variable that the expression is bound to as a whole; empty for none."""
        place = self.sites[site]
        if place.kind in (Kind.BINDING, Kind.READ, Kind.ARGUMENT):
            return place.name
        parent = self.parents.get(site)
        if parent is not None and self.sites[parent].kind is Kind.BINDING:
            return self.sites[parent].name if len(self.sites[parent].parts) == 1 else ""
        return ""

    def is_in_loop(self, site: int) -> bool:
        """Whether a site is in the body of a loop of its function."""
        statements = self.execution.source.statements
        number = self.sites[site].statement
        while number >= 0:
            number, branch = statements[number].parent, statements[number].branch
            if number >= 0 and branch and statements[number].kind in _LOOPS:
                return True
        return False

    def time(self, site: int) -> int:
        """Return when a site first gave a value; an added site has its nodes in any order."""
        nodes = self.execution.by_site[site]
        return min(nodes) if self.sites[site].copies else nodes[0]


def take_copies_for_one(octave: Side, port: Side) -> None:
    """Take copies in Octave for one where the port surely does for all what one of them does."""
    groups = list(groups_of_copies(octave.execution))
    if not groups:
        return
    several = Index()
    for number, stream in port.streams.items():
        if len(stream.values) > 1 and stream.is_known and stream.is_telling:
            several.add(np.sort(stream.flat), number)

    def is_one(copies: Copies) -> bool:
        stream = octave.stream_of(copies)
        is_several = len(stream.values) > 1 and stream.is_known and stream.is_telling
        return is_several and any(
            len(port.streams[one].values) == len(stream.values)
            for one in several.find(np.sort(stream.flat))
        )

    once = [group for group in groups if any(map(is_one, group))]
    by_site = octave.execution.by_site
    octave.add([{one: joined(by_site, one) for one in group} for group in once])


def take_in_order(octave: Side, port: Side, wanted: Iterable[int]) -> bool:
    """Take what Octave did several times in the order of some sites of the port, too.

    Returns
    -------
    bool
        Whether there is such an order.
    """
    streams = (port.streams[one] for one in wanted)
    groups = list(reordered(octave.execution, octave.streams, streams))
    octave.add(groups)
    return bool(groups)
