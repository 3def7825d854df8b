"""How likely a site of Octave stands for a site of the port whose values are not the same.

Only the order in which replays are tried depends on this, never what is said. May import `model`,
`match`, `side`, `numbers` and `project`.
"""

import ast
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from lockstep.explain.match import Matching, inputs_in_common, operation
from lockstep.explain.numbers import Stream, same_numbers
from lockstep.explain.side import Side
from lockstep.model.execution import Kind
from lockstep.project.m_files import spelling

CLOSE = 1e-9
"""Two numbers are called equal, or of one factor, when they agree to this."""


@dataclass(frozen=True)
class Counterpart:
    """Values of Octave that may stand in the place of the port's.

    Attributes
    ----------
    site : int
        That gave them; the first of several sites that do the same.
    stream : Stream
        The values.
    """

    site: int
    stream: Stream


DECLARED = 8.0
"""What a declared name is worth: more than all other evidence that speaks for another site."""

OUTPUT = 4.0
"""What it is worth that both are what becomes the same output."""

SAME_TURNS = 3.0
"""What it is worth that arrays of several sizes are the same at each turn; less for a part."""

SAME_FUNCTION = 2.0
"""What it is worth that both are of functions that stand for each other."""

_NAMED = (Kind.READ, Kind.BINDING, Kind.ARGUMENT, Kind.DEFAULT)


class Ranking:
    """Lists the counterparts of sites of the port, the likeliest first.

    Parameters
    ----------
    matching : Matching
        Both executions.
    """

    def __init__(self, matching: Matching) -> None:
        self._matching = matching
        self._theirs = [
            Counterpart(site, stream)
            for site, stream in matching.octave.streams.items()
            if stream.is_known
        ]
        self._theirs += self._operations()
        self._port_outputs = outputs_of(matching.port)
        self._octave_outputs = outputs_of(matching.octave)
        self._functions = functions_alike(matching)
        self._results = {id(one) for one in self._theirs if _is_result(matching.octave, one)}
        self._ranked: dict[int, list[Counterpart]] = {}
        self._held: dict[int, frozenset[tuple[str, str]]] = {}
        self._written: dict[int, bool] = {}

    def _operations(self) -> list[Counterpart]:
        """Join what the same function gave at several places: one helper of the port may do all."""
        octave = self._matching.octave
        by_name: dict[str, list[int]] = {}
        for site in octave.streams:
            place = octave.sites[site]
            is_call = place.kind is Kind.EXPRESSION and place.name.isidentifier()
            if is_call and not place.copies:
                by_name.setdefault(place.name, []).append(site)
        found = []
        for sites in by_name.values():
            if len(sites) > 1:
                nodes = sorted(n for s in sites for n in octave.execution.by_site[s])
                stream = Stream(sites[0], [octave.execution.nodes[n].value for n in nodes])
                if stream.is_known:
                    found.append(Counterpart(sites[0], stream))
        return found

    def of(self, site: int) -> Sequence[Counterpart]:
        """List the counterparts of a site of the port."""
        if site not in self._ranked:
            scored = [
                (-self.likeness(site, one), self._matching.octave.time(one.site), i, one)
                for i, one in enumerate(self._theirs)
                if self._may_stand(site, one)
            ]
            self._ranked[site] = [one for _, _, _, one in sorted(scored, key=lambda s: s[:3])]
        return self._ranked[site]

    def _may_stand(self, site: int, one: Counterpart) -> bool:
        """Whether a counterpart is of a kind that can stand for a site, and not equal to it."""
        if self._is_written_number(site) and any(n != 1 for n in one.stream.sizes):
            return False
        is_right = self._matching.is_sure(site) and site not in self._port_outputs
        if is_right and id(one) in self._results:
            return False  # with the result in its place most of what is wrong has no effect
        is_read = self._matching.port.sites[site].kind is Kind.READ
        if is_read and not self._matching.is_wrong(site) and not self._may_be_read(site, one):
            return False
        equal = one.site in self._matching.partners.get(site, ())
        if equal and site in self._matching.turned:  # perhaps but for the order of its elements
            equal = same_numbers(self._matching.port.streams[site].flat, one.stream.flat)
        return not equal or len(one.stream.values) != len(self._matching.port.streams[site].values)

    def _is_written_number(self, site: int) -> bool:
        if site not in self._written:
            self._written[site] = is_written_number(self._matching.port.sites[site].text)
        return self._written[site]

    def _may_be_read(self, site: int, one: Counterpart) -> bool:
        """Whether a variable of Octave may be what is to be read at a site.

        It is the same variable at another time, when the port reads a value that this had; or
        another variable in the same operation.
        """
        port, octave = self._matching.port, self._matching.octave
        there = octave.sites[one.site]
        if there.kind not in _NAMED:
            return False
        if (there.function, there.name) in self._holders(site):
            return True
        around, above = port.parents.get(site), octave.parents.get(one.site)
        if around is None or above is None:
            return False
        return operation(port.sites[around]) == operation(octave.sites[above])

    def _holders(self, site: int) -> frozenset[tuple[str, str]]:
        """Name the variables of Octave that at some time had the values that a site gave."""
        if site not in self._held:
            matching = self._matching
            nodes = matching.port.execution.by_site[site]
            wanted = {matching.port_classes[n] for n in nodes if n in matching.port_classes}
            found = set()
            for node, value in matching.octave_classes.items():
                place = matching.octave.sites[matching.octave.execution.nodes[node].site]
                if value in wanted and place.kind in _NAMED:
                    found.add((place.function, place.name))
            self._held[site] = frozenset(found)
        return self._held[site]

    def is_plausible(self, site: int, one: Counterpart) -> bool:
        """Whether a counterpart is more than numbers that fit.

        It stands for no other value of the port, or has the name of this one or does the same.
        """
        if one.site not in self._matching.claimed:
            return True
        port, octave = self._matching.port, self._matching.octave
        name, target = port.target(site), octave.target(one.site)
        if self._matching.is_called(name, target):
            return True
        place, there = port.sites[site], octave.sites[one.site]
        return place.kind is there.kind is Kind.EXPRESSION and operation(place) == operation(there)

    def likeness(self, site: int, one: Counterpart) -> float:
        """Say how likely a counterpart stands for a site of the port."""
        port, octave = self._matching.port, self._matching.octave
        stream = port.streams[site]
        place, there = port.sites[site], octave.sites[one.site]
        score = _of_form(stream, one.stream)
        if one.site not in self._matching.claimed:
            score += 3.0
        is_of_same = (place.function, there.function) in self._functions
        score += SAME_FUNCTION * is_of_same
        name, target = port.target(site), octave.target(one.site)
        if self._matching.is_called(name, target):
            score += DECLARED if target in self._matching.names else 3.0
        if self._port_outputs.get(site, -1) == self._octave_outputs.get(one.site, -2):
            score += OUTPUT
        if Kind.EXPRESSION is place.kind is there.kind and operation(place) == operation(there):
            score += 2.0
        score += 4.0 * inputs_in_common(self._matching, site, one.site)
        return score + _of_values(stream, one.stream)

    def evidence(self, site: int) -> float:
        """Say how sure it is that a wrong site does another thing than some site of Octave."""
        found = 0.0
        for one in self.of(site)[:MOST_EVIDENCE]:
            common = inputs_in_common(self._matching, site, one.site)
            unclaimed = one.site not in self._matching.claimed
            place = self._matching.port.sites[site]
            there = self._matching.octave.sites[one.site]
            alike = Kind.EXPRESSION is place.kind is there.kind
            score = 3.0 * common * unclaimed + 2.0 * (
                alike and operation(place) == operation(there)
            )
            found = max(
                found, score + 0.2 * _of_values(self._matching.port.streams[site], one.stream)
            )
        return found


def is_written_number(text: str) -> bool:
    """Whether an expression is a number as it is written: an index, most often."""
    try:
        return isinstance(ast.literal_eval(text), (int, float))
    except (SyntaxError, ValueError):
        return False


def functions_alike(matching: Matching) -> set[tuple[str, str]]:
    """Pair the functions of both sides that have a name in common, or most of what tells.

    Empty where one side has but one function: then it says nothing.
    """
    sides = matching.port, matching.octave
    port, octave = ({side.sites[s].function for s in side.streams} for side in sides)
    if min(len(port), len(octave)) < 2:
        return set()
    found = {
        (a, b) for a in port for b in octave if spelling(_own_name(a)) == spelling(_own_name(b))
    }
    shared: Counter[tuple[str, str]] = Counter()
    for site, partners in matching.partners.items():
        if matching.port.streams[site].is_telling:
            own = matching.port.sites[site].function
            shared.update({(own, matching.octave.sites[one].function) for one in partners})
    best: dict[str, tuple[str, str]] = {}
    for pair, _ in reversed(shared.most_common()):
        best[pair[0]] = pair
    named = {a for a, _ in found}
    return found | {pair for own, pair in best.items() if own not in named}


def _own_name(function: str) -> str:
    """Return the name of a function without that of the file, or the function, that it is in."""
    return function.replace(".", ">").rpartition(">")[2]


def outputs_of(side: Side) -> dict[int, int]:
    """Say of the sites whose value becomes an output, as it is, which output that is, from 0."""
    nodes = side.execution.nodes
    found: dict[int, int] = {}
    for position, node in enumerate(side.execution.output_nodes):
        while node >= 0:
            place = side.sites[nodes[node].site]
            found.setdefault(place.number, position)
            is_whole = place.whole and place.kind in (Kind.RETURN, Kind.READ, Kind.BINDING)
            node = nodes[node].inputs[0] if is_whole and nodes[node].inputs else -1
    return found


def _is_result(octave: Side, one: Counterpart) -> bool:
    """Whether what a counterpart gave last is an output that no other value is by chance."""
    last = one.stream.items[-1]
    outputs = (octave.numbers[node] for node in octave.execution.output_nodes if node >= 0)
    return last is not None and any(
        own is not None and own.is_telling and same_numbers(own.flat, last.flat) for own in outputs
    )


MOST_EVIDENCE = 20
"""Counterparts that are looked at where no replay proved anything."""


def _of_form(stream: Stream, theirs: Stream) -> float:
    turns = len(stream.values)
    if turns == len(theirs.values):
        return _of_sizes(stream, theirs)
    if stream.flat.size == theirs.flat.size:
        return 2.0
    if min(turns, len(theirs.values)) > 1 and len(set(stream.sizes)) > 1:
        return _of_sizes(stream, theirs)  # one loop ends earlier than the other
    last, own = theirs.sizes[-1], stream.sizes[0]
    if turns == 1:
        return 1.5 if last == own else -1.0
    return 0.0 if last == own else -2.0


def _of_sizes(stream: Stream, theirs: Stream) -> float:
    pairs = zip(stream.items, theirs.items, strict=False)
    known = [(a, b) for a, b in pairs if a is not None and b is not None]
    same = sum(a.flat.size == b.flat.size for a, b in known)
    shaped = sum(a.shape == b.shape for a, b in known)
    return (2.0 * same + shaped) / max(len(stream.values), len(theirs.values))


def same_turns(stream: Stream, theirs: Stream) -> float:
    """Say in what part of the turns, of which both have as many, the values are the same."""
    if len(stream.values) != len(theirs.values) or len(stream.values) < 2:
        return 0.0
    pairs = zip(stream.items, theirs.items, strict=True)
    same = (a is not None and b is not None and same_numbers(a.flat, b.flat) for a, b in pairs)
    return sum(same) / len(stream.values)


def _of_values(stream: Stream, theirs: Stream) -> float:
    """Say how alike two streams are that are not the same: some elements, a factor, an order."""
    one, other = stream.flat, theirs.flat
    if one.size != other.size:
        same = same_turns(stream, theirs)
        return 1.0 + SAME_TURNS * same if same > 0.3 else 0.0
    if one.size < 2:
        return 0.0
    with np.errstate(all="ignore"):
        equal = float(np.mean((one == other) | (np.abs(one - other) <= CLOSE * np.abs(other))))
        if equal > 0.3:
            return 1.0 + equal
        ratio = one[other != 0] / other[other != 0]
        if ratio.size > 1 and np.all(np.abs(ratio - ratio[0]) <= CLOSE * np.abs(ratio[0])):
            return 2.0
        apart = one - other
        if np.all(np.abs(apart - apart[0]) <= CLOSE * np.abs(apart[0])):
            return 1.5
        ordered = np.sort(one), np.sort(other)
        if np.allclose(*ordered, rtol=CLOSE, atol=0):
            return 2.0
        both = np.isfinite(one) & np.isfinite(other)
        alike = one.real[both], other.real[both]
        if both.sum() > 2 and min(np.ptp(alike[0]), np.ptp(alike[1])) > 0:
            return float(np.abs(np.corrcoef(*alike)[0, 1]) > 0.9) * 0.5
        return 0.0
