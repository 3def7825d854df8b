"""From what heals a case back to where it went wrong: through what both sides read.

May import `model`, `by_case`, `by_flow`, `by_value`, `forms`, `likeness`, `made_as`, `match`,
`side`, `numbers` and `suspects`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from lockstep.explain.by_case import is_alike, makes_another_of_the_same
from lockstep.explain.by_flow import ByFlow
from lockstep.explain.by_value import MOST_COUNTERPARTS, ByValue
from lockstep.explain.forms import is_same_value
from lockstep.explain.likeness import Counterpart, same_turns
from lockstep.explain.made_as import made_as
from lockstep.explain.match import asked, operation, telling_inputs
from lockstep.explain.numbers import elements, is_whole, one_more, same_numbers
from lockstep.explain.side import Side
from lockstep.explain.suspects import HANDED_ON, MOST_TURNS, Blamed, Suspects
from lockstep.model.execution import Kind

MOST = 0.5
"""Part of the turns, from which on two sites go along with each other."""

DEPTH = 4
"""How many expressions of Octave are looked into for the counterparts of inputs."""

MOST_ELEMENTS = 200
"""Elements of an array among which one is looked for."""

_PASSED_ON = (Kind.READ, Kind.BINDING, Kind.RETURN)


class Back:
    """Follows what heals back to the earliest input that heals as well.

    Parameters
    ----------
    suspects, by_value, by_flow : Suspects, ByValue, ByFlow
        Of one case.
    """

    def __init__(self, suspects: Suspects, by_value: ByValue, by_flow: ByFlow) -> None:
        self._suspects = suspects
        self._by_value = by_value
        self._by_flow = by_flow

    def traced_back(self, found: Blamed) -> list[Blamed]:
        """Follow what heals back to the earliest input that heals as well: this one first."""
        matching = self._suspects.matching
        is_first = makes_another_of_the_same(matching, found.site, found.octave_site)
        if found.shared or found.jumped or found.also is not None or is_first:
            return [found]
        seen, later, start = {found.site}, list[Blamed](), found.site
        while not self._suspects.replayer.is_over:
            earlier = self._healing_input(found, seen, start)
            if earlier is None:
                break
            seen.add(earlier.site)
            later.insert(0, found)
            found = earlier
        read = self._suspects.inputs_of(self._suspects.port, found.site, DEPTH)
        first = next(self._by_value.other_defaults(read), None) or self._by_inputs(found)
        return [first, *later]

    def _by_inputs(self, found: Blamed) -> Blamed:
        """Go back to what reads the same as Octave's counterpart, over values that Octave lacks.

        The port may need several steps for one of Octave's. If the value after the last of them
        heals and none before does, the step that reads what Octave's reads stands for it.
        """
        if found.octave_site < 0 or found.flipped:
            return found
        if self._suspects.octave.sites[found.octave_site].kind is not Kind.EXPRESSION:
            return found
        classes = self._suspects.matching.octave_classes
        wanted = telling_inputs(self._suspects.octave, classes, found.octave_site, depth=1)
        level, seen = [found.site], {found.site}
        best = found
        while level:
            site = level.pop()
            for other in self._suspects.inputs_of(self._suspects.port, site, 1):
                if other not in seen and self._suspects.matching.is_wrong(other):
                    seen.add(other)
                    level.append(other)
                    own = telling_inputs(
                        self._suspects.port, self._suspects.matching.port_classes, other, depth=1
                    )
                    if wanted and own == wanted and self._suspects.kind(other) is Kind.EXPRESSION:
                        best = replace(found, first_step=other)
        return best

    def _healing_input(self, found: Blamed, seen: set[int], start: int) -> Blamed | None:
        for site in self._suspects.deciders(found.site):
            is_right = self._suspects.by_line.is_right_until(site, start)
            if site not in seen and not is_right and not self._suspects.is_decided_alike(site):
                seen.add(site)
                turned = next(self._by_flow.turned(site), None)
                if turned is not None:
                    return turned
        if found.flipped:
            turned = self._turned_input(found, seen)
            if turned is not None or not self._asks_the_same(found):
                return turned
        if found.octave_site < 0:
            return self._one_off_input(found, seen)
        kept = self._kept_there(found, seen)
        if kept is not None:
            return kept
        theirs = {
            found.octave_site,
            *self._suspects.inputs_of(self._suspects.octave, found.octave_site, DEPTH),
        }
        tried: list[int] = []
        level = [found.site]
        for _ in range(DEPTH):
            level = [s for s in self._read_by(level) if s not in seen and s not in tried]
            tried += level
            for site in level:
                is_right = self._suspects.by_line.is_right_until(site, start)
                if is_right or self._suspects.matching.is_wrong_later(site, found.site):
                    continue
                healed = self._healed_in_its_place(site, found, theirs)
                if healed is not None:
                    return healed
            level = [s for s in level if not self._is_settled(s)]
        if found.flipped:
            return None
        unsure = [
            s for s in tried if not (self._is_settled(s) or is_alike(self._suspects.matching, s))
        ]
        one_off = next(self._by_value.one_off(unsure), None)
        return one_off or self._decided_below(found) or self._returned_below(found, theirs)

    def _kept_there(self, found: Blamed, seen: set[int]) -> Blamed | None:
        """Go back to what was kept in the element that is read.

        It may be a value that Octave has, too, elsewhere. But the port has nowhere beside it what
        Octave kept there: then it is not the wrong element that is read.
        """
        port = self._suspects.port
        made = {self._maker(node, value) for node, value in self._wrong_turns(found)}
        sites = {port.execution.nodes[node].site for node in made if node >= 0}
        if len(sites) != 1 or -1 in made or not sites.isdisjoint(seen):
            return None
        (site,) = sites
        if port.sites[site].kind is not Kind.EXPRESSION or site not in port.streams:
            return None
        theirs = {found.octave_site, made_as(self._suspects.octave, found.octave_site)}
        ranked = [one for one in self._suspects.ranking.of(site) if one.site in theirs]
        return self._by_value.healed(site, ranked)

    def _maker(self, node: int, octave: Any) -> int:
        """Return the node that gave an element its value which a node reads, and Octave's is apart.

        -1 where it is something else that is read, or where another element has Octave's value.
        """
        port, read = self._suspects.port, node
        nodes = port.execution.nodes
        if port.execution.site(read).kind is Kind.ARGUMENT and nodes[read].inputs:
            read = nodes[read].inputs[0]
        if port.execution.site(read).name != "index" or not nodes[read].inputs:
            return -1
        read = nodes[read].inputs[0]
        own = port.numbers[node]
        if port.execution.site(read).kind is not Kind.READ or own is None:
            return -1
        if any(
            one is not None and is_same_value(one, octave)
            for one in elements(nodes[read].value, MOST_ELEMENTS)
        ):
            return -1
        bound = nodes[read].inputs[:1]
        made = next((i for one in bound for i in nodes[one].inputs[:1]), -1)
        return made if made >= 0 and is_same_value(own, nodes[made].value) else -1

    def _asks_the_same(self, found: Blamed) -> bool:
        """Whether a decision that was turned asks what Octave asks: then what it read is wrong."""
        if found.octave_site < 0:
            return False
        port, octave = self._suspects.port, self._suspects.octave
        own, theirs = asked(port, found.site), asked(octave, found.octave_site)
        return operation(port.sites[own]) == operation(octave.sites[theirs])

    def _read_by(self, sites: Sequence[int]) -> list[int]:
        """List what some sites read: through a read of a variable, what bound it, too."""
        found: list[int] = []
        for site in sites:
            inputs = self._suspects.inputs_of(self._suspects.port, site, 1)
            through = [s for s in inputs if self._suspects.kind(s) is Kind.READ]
            bound = [
                one for s in through for one in self._suspects.inputs_of(self._suspects.port, s, 1)
            ]
            below = self._suspects.inputs_of(self._suspects.port, site, 2)
            returned = [s for s in below if self._suspects.kind(s) is Kind.RETURN]
            found += [*bound, *inputs, *returned]
        return list(dict.fromkeys(found))

    def _is_settled(self, site: int) -> bool:
        """Whether what a site gave is right: what it read need not be looked at."""
        if self._suspects.is_given(site) or self._suspects.kind(site) is Kind.DECISION:
            return True
        if self._suspects.is_handed_on(site):
            return True
        if self._suspects.matching.is_confirmed(site):
            return not self._suspects.matching.is_in_another_order(site)
        return self._hands_on(site)

    def _hands_on(self, site: int) -> bool:
        """Whether a site gives on what it read, unchanged, and that is right."""
        if self._suspects.port.sites[
            site
        ].name not in HANDED_ON or self._suspects.matching.is_wrong(site):
            return False
        nodes = self._suspects.port.execution.nodes
        for node in self._suspects.port.execution.by_site[site][:MOST_TURNS]:
            own = self._suspects.port.numbers[node]
            same = [
                i
                for i in nodes[node].inputs
                if own is not None and is_same_value(own, nodes[i].value)
            ]
            if not same:
                return False
        return True

    def _healed_in_its_place(self, site: int, found: Blamed, theirs: set[int]) -> Blamed | None:
        is_handed_on = self._suspects.is_handed_on(site)
        if self._is_settled(site) and not is_handed_on:
            return None
        ranked = [one for one in self._suspects.ranking.of(site) if one.site in theirs]
        if self._suspects.kind(site) not in (Kind.READ, Kind.ARGUMENT):
            ranked = [one for one in ranked if not self._is_read_by(site, one.site)]
        if found.flipped or is_handed_on or self._suspects.matching.is_sure(site):
            ranked = [
                one
                for one in ranked
                if self._has_its_place(site, one.site, found) or self._goes_along(site, one)
            ]
        return self._by_value.healed(site, ranked[:MOST_COUNTERPARTS])

    def _is_read_by(self, site: int, other: int) -> bool:
        """Whether a site of Octave is made of what stands for a site: then the latter is right.

        What is made of it is lacking where the port reads it.
        """
        own, matching = self._suspects.port.streams[site], self._suspects.matching
        tells = own.is_telling or own.flat.size > 1 or is_alike(matching, site)
        if not (own.is_known and tells):
            return False
        read = self._suspects.inputs_of(self._suspects.octave, other, 1)
        streams = [self._suspects.octave.streams[one].flat for one in read]
        counts = all(map(is_whole, own.values))  # from 0, it may be
        return any(
            same_numbers(own.flat, there) or (counts and np.array_equal(one_more(own.flat), there))
            for there in streams
        )

    def _goes_along(self, site: int, one: Counterpart) -> bool:
        """Whether a site of Octave gives the same at most turns: then it is the counterpart."""
        return MOST <= same_turns(self._suspects.port.streams[site], one.stream) < 1

    def _has_its_place(self, site: int, other: int, found: Blamed) -> bool:
        """Whether a site of Octave has the name or the place that a site has in what was found.

        A value that Octave has is wrong all the same if another should stand there.
        """
        name, target = self._suspects.port.target(site), self._suspects.octave.target(other)
        if self._suspects.matching.is_called(name, target):
            return True
        place, there = (
            self._suspects.port.sites[found.site],
            self._suspects.octave.sites[found.octave_site],
        )
        if place.kind is there.kind is Kind.EXPRESSION and operation(place) != operation(there):
            return False
        own = self._operands(self._suspects.port, found.site)
        theirs = self._operands(self._suspects.octave, found.octave_site)
        return len(own) == len(theirs) and any(
            site in one and other in two for one, two in zip(own, theirs, strict=True)
        )

    def _operands(self, side: Side, site: int) -> list[set[int]]:
        """List the operands of a site, each with what gave it, through reads, bindings, returns."""
        nodes = side.execution.nodes
        found = []
        for operand in nodes[side.execution.by_site[site][-1]].inputs:
            held = {nodes[operand].site}
            while (operand := self._passed_on(side, operand)) >= 0:
                held.add(nodes[operand].site)
            found.append(held)
        return found

    def _passed_on(self, side: Side, node: int) -> int:
        """Return what gave a node its value: what was bound, or returned; -1 for its own doing."""
        inputs = side.execution.nodes[node].inputs
        if side.sites[side.execution.nodes[node].site].kind in _PASSED_ON:
            return inputs[0] if inputs else -1
        kinds = ((i, side.sites[side.execution.nodes[i].site].kind) for i in inputs)
        return next((i for i, kind in kinds if kind is Kind.RETURN), -1)

    def _one_off_input(self, found: Blamed, seen: set[int]) -> Blamed | None:
        inputs = [
            s for s in self._suspects.inputs_of(self._suspects.port, found.site, 1) if s not in seen
        ]
        unsure = (
            s
            for s in inputs
            if not (
                self._suspects.matching.is_confirmed(s)
                or self._suspects.is_handed_on(s)
                or is_alike(self._suspects.matching, s)
                or self._suspects.counts_from_zero(s)
            )
        )
        return next(self._by_value.one_off(unsure), None)

    def _wrong_turns(self, found: Blamed) -> list[tuple[int, Any]]:
        """List the nodes of a site at the turns at which Octave's values are others, with these."""
        stream = self._suspects.port.streams[found.site]
        nodes = self._suspects.port.execution.by_site[found.site]
        return [
            (node, value)
            for node, item, value in zip(nodes, stream.items, found.values, strict=False)
            if item is None or not is_same_value(item, value)
        ]

    def _frames_below(self, nodes: Iterable[int]) -> set[int]:
        """Collect the calls whose results were read, directly, by some nodes."""
        every = self._suspects.port.execution.nodes
        return {
            every[i].frame
            for node in nodes
            for i in every[node].inputs
            if self._suspects.kind(every[i].site) is Kind.RETURN
        }

    def _decided_below(self, found: Blamed) -> Blamed | None:
        """Turn round a decision of the called function, in the calls alone that went wrong."""
        frames = self._frames_below(node for node, _ in self._wrong_turns(found))
        if not frames:
            return None
        nodes = self._suspects.port.execution.nodes
        for site, stream in self._suspects.port.streams.items():
            own = self._suspects.port.execution.by_site[site]
            if self._suspects.kind(site) is not Kind.DECISION or not any(
                nodes[n].frame in frames for n in own
            ):
                continue
            if self._suspects.replayer.is_over or not all(
                isinstance(v, bool) for v in stream.values
            ):
                continue
            turned = [
                (not value) if nodes[node].frame in frames else value
                for node, value in zip(own, stream.values, strict=True)
            ]
            if self._suspects.replayer.heals({site: turned}):
                return Blamed(site, -1, True, flipped=True, values=tuple(turned))
        return None

    def _returned_below(self, found: Blamed, theirs: set[int]) -> Blamed | None:
        """Replace what a helper of the port returned, at all its calls: each may be wrong."""
        nodes = self._suspects.port.execution.nodes
        calls = [
            i
            for node, _ in self._wrong_turns(found)
            for i in nodes[node].inputs
            if self._frames_below([i])
        ]
        sites = {nodes[j].site for i in calls for j in nodes[i].inputs}
        returns = [site for site in sites if self._suspects.kind(site) is Kind.RETURN]
        for site in returns:
            ranked = [one for one in self._suspects.ranking.of(site) if one.site in theirs]
            healed = self._by_value.healed(site, ranked[:MOST_COUNTERPARTS])
            if healed is not None:
                return healed
        return None

    def _turned_input(self, found: Blamed, seen: set[int]) -> Blamed | None:
        """Turn round what a decision reads, where that is true or false itself."""
        for site in self._suspects.inputs_of(self._suspects.port, found.site, 1):
            values = self._suspects.port.streams[site].values
            if (
                site in seen
                or self._suspects.is_given(site)
                or not all(isinstance(v, bool) for v in values)
            ):
                continue
            seen.add(site)
            turned = [not value for value in values]
            if self._suspects.replayer.heals({site: turned}):
                return Blamed(site, found.octave_site, True, flipped=True, values=tuple(turned))
        return None
