"""Where a port is wrong: the earliest site that heals every output when it has Octave's value.

Replacing what is right changes nothing, and replacing what came before the fault cannot heal it.
So the sites of the port are tried in the order of time, those first whose values Octave has
nowhere, each with the values of Octave that most likely stand for its own. What is found is then
followed back through the inputs of both sides, as far as these heal too: a small whole number that
occurs elsewhere by chance is found that way. May import `model`, `forms`, `likeness`, `match`,
`by_case`, `by_flow`, `by_value`, `made_as`, `replay`, `suspects`, `tracing_back` and `upstream`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from lockstep.explain.by_case import makes_another_of_the_same, parted
from lockstep.explain.by_flow import ByFlow
from lockstep.explain.by_value import MOST_COUNTERPARTS, ByValue, unshared
from lockstep.explain.forms import are_whole
from lockstep.explain.likeness import is_written_number
from lockstep.explain.made_as import made_as
from lockstep.explain.match import Matching, operation
from lockstep.explain.numbers import Numbers
from lockstep.explain.replay import Replayer
from lockstep.explain.suspects import Blamed, Suspects
from lockstep.explain.tracing_back import Back
from lockstep.explain.upstream import Upstream
from lockstep.model.execution import Kind

SIZES = frozenset(["len", "ndim", "shape", "size"])
"""What is asked of an array, and not of its numbers."""


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
        self._suspects = Suspects(matching, replayer, wrong_outputs, given)
        self._by_value = ByValue(self._suspects)
        self._by_flow = ByFlow(self._suspects)
        self._back = Back(self._suspects, self._by_value, self._by_flow)
        self._upstream = Upstream(self._suspects)

    def found(self) -> Iterator[Blamed]:
        """Yield the sites that heal the case, the likeliest fault first, then an unproved one."""
        seen: set[tuple[int, int]] = set()
        for one in map(self._as_made, self._in_turn()):
            if (one.site, one.octave_site) not in seen:
                seen.add((one.site, one.octave_site))
                yield one
        if not seen:
            yield from self._unproved()

    def _as_made(self, blamed: Blamed) -> Blamed:
        """Name what gave a variable of Octave its value, not what reads it, but for what reads."""
        place = self.port.sites[blamed.site]
        is_read = place.kind is Kind.READ or operation(place) == "index"
        if blamed.octave_site < 0 or is_read or blamed.flipped or blamed.jumped:
            return blamed
        return replace(blamed, octave_site=made_as(self._suspects.octave, blamed.octave_site))

    def _in_turn(self) -> Iterator[Blamed]:
        """Yield what heals, followed back to where that begins; some of it more than once.

        What heals this case may do so by chance, and more of its statement heals the others, too:
        that comes when nothing else is left but two places at once.
        """
        behind: list[Blamed] = []
        for blamed in self._healing():
            first, *later = self._back.traced_back(blamed)
            behind += [one for one in later if self._is_beside(one, first)]
            yield first
        yield from behind
        yield from self._by_value.paired()

    def _is_beside(self, one: Blamed, first: Blamed) -> bool:
        """Whether a site is of the same statement; beyond it two faults may come together."""
        places = self.port.sites[one.site], self.port.sites[first.site]
        return places[0].statement == places[1].statement

    def decisions(self) -> Iterator[Blamed]:
        """Yield the decisions with Octave's outcome of which the case agrees.

        Truth values come first: other numbers may be whole by chance.
        """
        sites = sorted(filter(self._is_decision, self._suspects.sites()), key=self._gives_numbers)
        yield from filter(_gives_whole, self._by_value.each_healed(sites))
        yield from self._by_flow.sent_another_way()
        yield from self._by_flow.decided(alike=True)
        yield from self._by_flow.lost_jumps()

    def _is_decision(self, site: int) -> bool:
        """Whether a site makes whole numbers, or truth values, of numbers that are not whole.

        How many there are, none of them decides.
        """
        if self._is_size(site):
            return False
        nodes = self.port.execution.nodes
        read = {i for node in self.port.execution.by_site[site] for i in nodes[node].inputs}
        broken = (one is not None and not are_whole(one.flat) for one in map(self._numbers, read))
        made = self.port.streams[site]
        return made.is_known and are_whole(made.flat) and any(broken)

    def _is_size(self, site: int) -> bool:
        return self.port.sites[site].text.rpartition(".")[2].partition("(")[0] in SIZES

    def _gives_numbers(self, site: int) -> bool:
        """Whether a site gives anything but truth values."""
        values = (self.port.execution.nodes[i].value for i in self.port.execution.by_site[site])
        return not all(isinstance(v, bool) or getattr(v, "dtype", None) == np.bool_ for v in values)

    def _numbers(self, node: int) -> Numbers | None:
        return self.port.numbers[node]

    def turned_before(self, blamed: Blamed) -> Iterator[Blamed]:
        """Yield the decisions before a place that heals that heal, too, when they are turned."""
        nodes = self.port.execution.by_site
        for one in self._by_flow.decided():
            if blamed.site in nodes and nodes[one.site][0] < nodes[blamed.site][0]:
                yield one

    def tells(self, blamed: Blamed) -> bool:
        """Whether it is no accident that a place heals: its values are measured, or fit nothing."""
        stream = self.port.streams.get(blamed.site)
        return self.is_default(blamed) or (stream is not None and stream.is_telling)

    def is_first(self, blamed: Blamed) -> bool:
        """Whether a place does what Octave does, with the same, and gives something else."""
        return makes_another_of_the_same(self.matching, blamed.site, blamed.octave_site)

    def upstream(self, blamed: Blamed) -> Iterator[Blamed]:
        """Yield the steps before a place that heals of which Octave has no values."""
        return self._upstream.found(blamed)

    def _healing(self) -> Iterator[Blamed]:
        yield from self._by_value.copied()
        yield from self._by_value.other_defaults(self._suspects.sites())
        yield from self._gone_apart()
        yield from self._by_flow.lost_jumps()
        yield from self._parted()
        for part in self._suspects.parts():
            yield from self._healing_in(part)

    def _gone_apart(self) -> Iterator[Blamed]:
        """Try the sites that went apart from their counterparts, as the lines stand in order.

        Those of one statement are tried together, too, before those of later ones.
        """
        together: list[int] = []
        for site, one in self._suspects.by_line.apart:
            statement = self.port.sites[site].statement
            if together and self.port.sites[together[-1]].statement != statement:
                yield from self._by_value.unpacked(together)
                together = []
            together += [site] if self._reads_what_is_right(statement) else []
            if self._suspects.kind(site) is Kind.DECISION:
                yield from self._by_flow.turned(site)
            elif (found := self._by_value.healed(site, [one])) is not None:
                yield from self._by_value.each_healed(self._wrong_before(site))
                yield found

    def _parted(self) -> Iterator[Blamed]:
        """Try the sites that do not give what their counterparts do, as in cases that agree."""
        for site, one in parted(self.matching):
            if (found := self._by_value.healed(site, [one])) is not None:
                yield found

    def _wrong_before(self, site: int) -> list[int]:
        """List the sites of other statements that had a value of their own before a site did."""
        time, statement = self.matching.first_wrong, self.port.sites[site].statement
        return [
            one
            for one in self._suspects.wrong_sites()
            if time(one) < time(site) and self.port.sites[one].statement != statement
        ]

    def _reads_what_is_right(self, statement: int) -> bool:
        """Whether no variable that a statement reads has a value that Octave has nowhere."""
        read = (
            number
            for number in self.port.streams
            if self.port.sites[number].statement == statement
            and self.port.sites[number].kind is Kind.READ
        )
        return not any(map(self.matching.is_wrong, read))

    def _healing_in(self, part: Suspects) -> Iterator[Blamed]:
        flow, by_value, matching = ByFlow(part), self._by_value, part.matching
        wrong, parted = part.wrong_sites(), part.first_continued()
        time = matching.first_wrong
        yield from by_value.healed_in_time([s for s in wrong if time(s) < parted])
        is_parted = parted < len(self.port.execution.nodes)
        if is_parted:
            yield from flow.sent_another_way()
            yield from by_value.healed_in_time([s for s in wrong if time(s) >= parted])
        yield from by_value.each_healed(s for s in part.sites() if s in matching.turned)
        if not is_parted:
            yield from flow.sent_another_way()
        yield from by_value.each_healed(part.doubtful_sites(confirmed=False))
        yield from by_value.each_healed(part.reads())
        yield from by_value.each_healed(part.doubtful_sites(confirmed=True))
        yield from flow.decided(alike=True)
        yield from by_value.one_off(part.likely_one_off())

    def paired(self) -> Blamed | None:
        """Find two sites that heal together, where there may be two faults."""
        return next(self._by_value.paired(), None)

    def is_healed_by(self, blamed: Blamed) -> bool:
        """Whether what heals another case heals this one: the same place, the same counterpart."""
        if blamed.jumped:
            return any(True for _ in self._by_flow.jumped(blamed.site))
        if blamed.site not in self.port.streams:
            return blamed.also is not None and self.is_healed_by(blamed.also)
        if blamed.shared:
            return self._suspects.replayer.run({blamed.site: lambda turn, own: unshared(own)})
        if blamed.flipped:
            return any(True for _ in self._by_flow.turned(blamed.site))
        if self.is_default(blamed):
            return self._by_value.is_default_of(blamed.site, blamed.values[0])
        if blamed.octave_site < 0:
            return next(self._by_value.one_off([blamed.site]), None) is not None
        ranked = list(self._suspects.ranking.of(blamed.site))
        ranked.sort(key=lambda one: one.site != blamed.octave_site)
        ranked = ranked[:MOST_COUNTERPARTS]
        if blamed.also is None or blamed.also.site not in self.port.streams:
            return self._by_value.healed(blamed.site, ranked) is not None
        return self._suspects.replayer.heals(self._values_of_both(blamed))

    def _values_of_both(self, blamed: Blamed) -> dict[int, list[Any]]:
        """Return what stands in the place of two sites that heal together, where it is known."""
        found: dict[int, list[Any]] = {}
        for one in filter(None, (blamed, blamed.also)):
            if one.site not in self.port.streams:
                continue  # this case does not come there
            ranked = [r for r in self._suspects.ranking.of(one.site) if r.site == one.octave_site]
            values = self._by_value.first_values(one.site, ranked)
            if values is not None:
                found[one.site] = values
        return found

    def is_default(self, blamed: Blamed) -> bool:
        """Whether it is a default that Octave has nowhere, and that fits nothing in the port."""
        return blamed.octave_site < 0 and self._suspects.is_default(blamed.site)

    def is_kept_by(self, blamed: Blamed) -> bool:
        """Whether what heals another case leaves this one, which agrees, as it is.

        It does so where the place is not reached, and where its counterpart has the same values.
        """
        if blamed.octave_site < 0 or blamed.flipped or blamed.site not in self.port.streams:
            return True
        if blamed.octave_site in self.matching.partners.get(blamed.site, ()):
            return True
        if blamed.also is not None:
            values = self._values_of_both(blamed)
            return not values or self._suspects.replayer.heals(values)
        ranked = self._suspects.ranking.of(blamed.site)
        ranked = [one for one in ranked if one.site == blamed.octave_site]
        return not ranked or self._by_value.is_kept(blamed.site, ranked)

    def _unproved(self) -> Iterator[Blamed]:
        """Yield the site that most likely does another thing than Octave, where none heals."""
        sites = [
            site
            for site in self._suspects.wrong_sites()
            if self.matching.is_first_wrong(site)
            and self._suspects.port.streams[site].is_known
            and not (self._is_size(site) or is_written_number(self.port.sites[site].text))
        ]
        if not sites:
            return
        scores = [self._suspects.ranking.evidence(site) for site in sites]
        site = sites[int(np.argmax(scores))]
        ranked = self._suspects.ranking.of(site)
        yield Blamed(site, ranked[0].site if ranked else -1, proved=False)


def _gives_whole(blamed: Blamed) -> bool:
    """Whether what stood in the place of a decision can be the outcome of one."""
    kept = [np.asarray(one) for one in blamed.values]
    return all(one.dtype.kind not in "fc" or are_whole(one) for one in kept)
