"""The statements that both sides executed, side by side, in the order of execution.

A step is a statement's doing: it bound a variable, decided, took an argument, or returned the value
of an expression. Steps are matched by their places in the source: by the values that these gave,
by names, by what they do, and by their order; then turn by turn. May import `model`, `match` and
`side`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate

from lockstep.explain.match import Matching, inputs_in_common, operation, spell
from lockstep.explain.numbers import same_numbers
from lockstep.explain.side import Side
from lockstep.model.execution import Execution, Kind, Site, StatementKind

ENOUGH = 3.0
"""Evidence from which on two places are taken for the same."""

_ALIKE = {Kind.DEFAULT: Kind.ARGUMENT, Kind.RETURN: Kind.BINDING}
"""Kinds that stand for each other: a port may return what Octave binds to an output."""


@dataclass(frozen=True)
class Pairing:
    """A step of either side, or of both.

    Attributes
    ----------
    octave, port : int
        Its nodes; -1 where a side has none.
    turns : tuple
        Where one side did at once, in an array, what the other did in a loop: all nodes of Octave
        and all of the port, of which `octave` and `port` are the first; empty elsewhere.
    """

    octave: int
    port: int
    turns: tuple[Sequence[int], Sequence[int]] = ((), ())


def paired_steps(matching: Matching, depth: int) -> list[Pairing]:
    """List the steps of both sides, those that are matched together.

    Parameters
    ----------
    matching : Matching
        Both executions.
    depth : int
        Levels of calls to look into.
    """
    octave = _steps(matching.octave, depth)
    port = _steps(matching.port, depth)
    return list(_merged(octave, port, _turns(matching, octave, port)))


def depths(execution: Execution) -> list[int]:
    """Say of each frame how many calls deep it is."""
    found: list[int] = []
    for frame in execution.frames:
        found.append(found[frame.parent] + 1 if frame.parent >= 0 else 0)
    return found


def _steps(side: Side, depth: int) -> list[int]:
    levels = depths(side.execution)
    return [
        number
        for number, node in enumerate(side.execution.nodes)
        if levels[node.frame] <= depth and _is_step(side, side.sites[node.site])
    ]


def _is_step(side: Side, site: Site) -> bool:
    if site.kind is Kind.RETURN:  # a plain `return y` does nothing
        made = [side.sites[part].kind for part in site.parts]
        statement = side.execution.source.statements[site.statement]
        return statement.kind is StatementKind.RETURN and any(k is not Kind.READ for k in made)
    return site.kind in (Kind.BINDING, Kind.DECISION, Kind.ARGUMENT, Kind.DEFAULT)


def _by_site(side: Side, steps: Sequence[int]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for number in steps:
        found.setdefault(side.execution.nodes[number].site, []).append(number)
    return found


@dataclass
class _Turns:
    """Which nodes of the steps stand for each other, turn by turn.

    Attributes
    ----------
    pairs : dict of int to Pairing
        By the node of Octave.
    left_out : tuple of set of int
        Nodes of Octave, and of the port, that stand for the same as the first of their turns.
    """

    pairs: dict[int, Pairing] = field(default_factory=dict)
    left_out: tuple[set[int], set[int]] = field(default_factory=lambda: (set(), set()))


def _turns(matching: Matching, octave: Sequence[int], port: Sequence[int]) -> _Turns:
    theirs, ours = _by_site(matching.octave, octave), _by_site(matching.port, port)
    found = _Turns()
    for own, other in _places(matching, list(ours), list(theirs)).items():
        mine, its = ours[own], theirs[other]
        groups = _groups(matching, own, other) if len(mine) != len(its) else []
        if groups:
            for left, right in groups:
                there, here = its[left], mine[right]
                found.pairs[there[0]] = Pairing(there[0], here[0], (there, here))
                found.left_out[0].update(there[1:])
                found.left_out[1].update(here[1:])
        else:
            later = 1 if is_turned(matching, own, other) and len(mine) > len(its) else 0
            pairs = zip(its, mine[later:], strict=False)
            found.pairs.update((there, Pairing(there, here)) for there, here in pairs)
    return found


def _groups(matching: Matching, own: int, other: int) -> list[tuple[slice, slice]]:
    """Say which turns of Octave give as many numbers as which of the port, one to several.

    Returns
    -------
    list of (slice, slice)
        The turns of each side; empty where they cannot be laid out so.
    """
    port, octave = matching.port.streams[own], matching.octave.streams[other]
    if not (port.is_known and octave.is_known) or port.flat.size != octave.flat.size:
        return []
    found: list[tuple[slice, slice]] = []
    ends = [list(accumulate(octave.sizes)), list(accumulate(port.sizes))]
    begin = [0, 0]
    for end in sorted(set(ends[0]) & set(ends[1])):
        last = [1 + max(i for i, one in enumerate(side) if one == end) for side in ends]
        if min(last[0] - begin[0], last[1] - begin[1]) != 1:
            return []
        found.append((slice(begin[0], last[0]), slice(begin[1], last[1])))
        begin = last
    return found


def _places(matching: Matching, ours: Sequence[int], theirs: Sequence[int]) -> dict[int, int]:
    """Match places of the port with places of Octave, the surest first."""
    order = {site: i / max(1, len(theirs) - 1) for i, site in enumerate(theirs)}
    scored = []
    for i, own in enumerate(ours):
        here = i / max(1, len(ours) - 1)
        for other in theirs:
            score = _evidence(matching, own, other)
            if score >= ENOUGH:
                apart = abs(here - order[other])
                scored.append((apart - score, apart, own, other))
    found: dict[int, int] = {}
    taken: set[int] = set()
    for _, _, own, other in sorted(scored):
        if own not in found and other not in taken:
            found[own] = other
            taken.add(other)
    _fill_in(matching, ours, theirs, found)
    return found


def _fill_in(
    matching: Matching, ours: Sequence[int], theirs: Sequence[int], found: dict[int, int]
) -> None:
    """Match what stands between the same two neighbours on both sides, one with one."""
    place = {site: i for i, site in enumerate(theirs)}
    before, begin = -1, 0
    for i, own in enumerate([*ours, None]):
        if own is not None and (own not in found or place[found[own]] <= before):
            continue
        end = len(theirs) if own is None else place[found[own]]
        mine = [site for site in ours[begin:i] if site not in found]
        its = [site for site in theirs[before + 1 : end] if site not in found.values()]
        kinds = [
            [_kind(side.sites[site]) for site in sites]
            for side, sites in ((matching.port, mine), (matching.octave, its))
        ]
        if kinds[0] == kinds[1]:
            pairs = zip(mine, its, strict=True)
            found.update((a, b) for a, b in pairs if _may_fill_in(matching, a, b))
        before, begin = end, i + 1


def _kind(site: Site) -> Kind:
    return _ALIKE.get(site.kind, site.kind)


def _may_fill_in(matching: Matching, own: int, other: int) -> bool:
    """Whether two places do the same kind of thing: one operation, or as many numbers."""
    if not _may_match(matching, own, other):
        return False
    port, octave = matching.port, matching.octave
    one, two = port.streams[own], octave.streams[other]
    return one.sizes[0] == two.sizes[0] or _do_alike(matching, own, other)


def _do_alike(matching: Matching, own: int, other: int) -> bool:
    """Whether two places do the same last."""
    port, octave = matching.port, matching.octave
    return _made_by(port, port.sites[own]) == _made_by(octave, octave.sites[other]) != ""


def _is_alike(matching: Matching, own: int, other: int) -> bool:
    """Whether two places have more in common than what they read."""
    port, octave = matching.port, matching.octave
    place, there = port.sites[own], octave.sites[other]
    one, two = port.streams[own], octave.streams[other]
    return (
        place.kind is Kind.DECISION
        or other in matching.partners.get(own, ())
        or matching.is_called(place.name, there.name)
        or one.sizes[0] == two.sizes[0]
        or sum(one.sizes) == sum(two.sizes)
        or _do_alike(matching, own, other)
    )


def _may_match(matching: Matching, own: int, other: int) -> bool:
    """Whether two places do the same kind of thing in functions that stand for each other."""
    port, octave = matching.port, matching.octave
    place, there = port.sites[own], octave.sites[other]
    return (
        _kind(place) is _kind(there)
        and _same_function(matching, place, there)
        and is_loop(port, place) == is_loop(octave, there)
    )


def _evidence(matching: Matching, own: int, other: int) -> float:
    """Say how much speaks for a place of the port being one of Octave; 0 where it cannot be."""
    port, octave = matching.port, matching.octave
    place, there = port.sites[own], octave.sites[other]
    if not _may_match(matching, own, other) or not _is_alike(matching, own, other):
        return 0.0
    score = 2.0 * inputs_in_common(matching, own, other)
    if len(port.streams[own].values) == len(octave.streams[other].values):
        score += 1.0
    if place.kind is Kind.DECISION:
        return score + 2.0 * _do_alike(matching, own, other) + 1.0
    if other in matching.partners.get(own, ()):
        score += 6.0 if port.streams[own].is_telling else 2.0
    elif _begin_alike(matching, own, other):
        score += 3.0
    if place.kind is not Kind.RETURN and matching.is_called(place.name, there.name):
        score += 12.0 if there.name in matching.names else 4.0
    if _do_alike(matching, own, other):
        score += 1.0
    return score


def _begin_alike(matching: Matching, own: int, other: int) -> bool:
    """Whether two places gave the same telling value at first."""
    one = matching.port.execution.by_site[own][0]
    two = matching.octave.execution.by_site[other][0]
    value = matching.port_classes.get(one)
    return value is not None and value == matching.octave_classes.get(two)


def _same_function(matching: Matching, place: Site, there: Site) -> bool:
    """Whether two places are in functions that stand for each other: both main, or of one name."""
    mains = [side.execution.frames[0].function for side in (matching.port, matching.octave)]
    is_main = place.function == mains[0], there.function == mains[1]
    if any(is_main):
        return all(is_main)
    own, other = (
        name.replace(":", ".").split(".")[-1] for name in (place.function, there.function)
    )
    return spell(own) == spell(other)


def is_loop(side: Side, site: Site) -> bool:
    """Whether a site binds the variable of a for loop."""
    return site.kind is Kind.BINDING and _statement_kind(side, site.number) is StatementKind.FOR


def _statement_kind(side: Side, site: int) -> StatementKind:
    return side.execution.source.statements[side.sites[site].statement].kind


def _made_by(side: Side, site: Site) -> str:
    """Say what was done last for a binding or a decision."""
    return operation(side.sites[site.parts[-1]]) if site.parts else ""


def is_turned(matching: Matching, own: int, other: int) -> bool:
    """Whether the condition of a loop is the opposite of Octave's at every turn: while, until.

    That of a loop that looks before its first turn, where Octave's does not, has one turn more.
    """
    one, two = matching.port.streams[own], matching.octave.streams[other]
    if not (one.is_known and two.is_known) or not all(
        _statement_kind(side, site) is StatementKind.WHILE
        for side, site in ((matching.port, own), (matching.octave, other))
    ):
        return False
    later = int(one.flat.size == two.flat.size + 1)
    return same_numbers(one.flat[later:], 1.0 - two.flat)


def _merged(octave: Sequence[int], port: Sequence[int], turns: _Turns) -> Iterator[Pairing]:
    """Lay both sides out in Octave's order, what only the port has where it happened."""
    taken = {*(pair.port for pair in turns.pairs.values()), *turns.left_out[1]}
    alone = [number for number in port if number not in taken]
    place = 0
    for number in octave:
        pair = turns.pairs.get(number)
        if pair is not None:
            while place < len(alone) and alone[place] < pair.port:
                yield Pairing(-1, alone[place])
                place += 1
            yield pair
        elif number not in turns.left_out[0]:
            yield Pairing(number, -1)
    for own in alone[place:]:
        yield Pairing(-1, own)
