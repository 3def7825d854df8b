"""Which sites stand for which of Octave in the cases that agree, and no longer where one fails.

What small numbers have in common by chance in one case they seldom have in several. May import
`likeness`, `match`, `numbers` and `model`.
"""

from lockstep.explain.likeness import Counterpart, outputs_of
from lockstep.explain.match import Matching, operation
from lockstep.explain.numbers import Stream, same_numbers
from lockstep.model.execution import Kind

LOOKED_AT = Kind.EXPRESSION, Kind.BINDING, Kind.RETURN, Kind.DECISION
"""What computes something, or gives it a name."""

MOST_PARTED = 40
"""Pairs that are tried."""


def parted(matching: Matching) -> list[tuple[int, Counterpart]]:
    """List what gave the same in each case that agrees, and gives something else in this one.

    Parameters
    ----------
    matching : Matching
        Of the case that fails, with those that agree.

    Returns
    -------
    list of (int, Counterpart)
        The sites of the port in the order of time, each with what gave the same of Octave's; those
        first that make something else of the same.
    """
    found = []
    outputs = outputs_of(matching.port)  # they go along in cases that agree, whatever is wrong
    for site in matching.port.streams:
        kind = matching.port.sites[site].kind
        if kind not in LOOKED_AT or matching.is_sure(site) or is_right(matching, site):
            continue
        for other in _companions(matching, site) & matching.octave.streams.keys():
            theirs = matching.octave.streams[other]
            turn = _first_turn(matching.port.streams[site], theirs)
            if turn < 0:
                continue
            nodes = matching.port.execution.by_site[site]
            first = nodes[min(turn, len(nodes) - 1)]
            is_open = not makes_another_of_the_same(matching, site, other)
            is_passed = is_open and (site in outputs or _reads_what_is_wrong(matching, first))
            if not is_passed:
                is_of_kind = matching.octave.sites[other].kind is kind
                found.append((is_open, first, not is_of_kind, site, Counterpart(other, theirs)))
    found.sort(key=lambda one: one[:4])
    return [(site, one) for *_, site, one in found[:MOST_PARTED]]


def makes_another_of_the_same(matching: Matching, site: int, other: int) -> bool:
    """Whether a site does what one of Octave does, with the same, and gives something else."""
    port, octave = matching.port, matching.octave
    if site not in port.streams or other not in octave.streams:
        return False
    place, there = port.sites[site], octave.sites[other]
    if not place.kind is there.kind is Kind.EXPRESSION or operation(place) != operation(there):
        return False
    turn = _first_turn(port.streams[site], octave.streams[other])
    if not 0 <= turn < min(len(port.streams[site].items), len(octave.streams[other].items)):
        return False
    own, theirs = (
        [side.numbers[i] for i in side.execution.nodes[side.execution.by_site[one][turn]].inputs]
        for side, one in ((port, site), (octave, other))
    )
    return 0 < len(own) == len(theirs) and all(
        one is not None and two is not None and same_numbers(one.flat, two.flat)
        for one, two in zip(own, theirs, strict=True)
    )


def is_alike(matching: Matching, site: int) -> bool:
    """Whether a site gives what one of Octave does in each case that agrees, and in this one.

    And nothing else of Octave does but in those that agree: that may be what it stands for.
    """
    return bool(_alike(matching, site)) and not _is_torn(matching, site)


def is_right(matching: Matching, site: int) -> bool:
    """Whether a site binds a variable, or does the same, as one that it is like in every case.

    Where something else went along, too, that is so if nothing else of the port is like that one.
    """
    place = matching.port.sites[site]
    if place.kind not in (Kind.BINDING, Kind.EXPRESSION):
        return False
    around = matching.port.parents.get(site, -1)
    if around >= 0 and matching.port.sites[around].parts == (site,) and is_right(matching, around):
        return True  # it is what a variable is given
    same = {one for one in _alike(matching, site) if _does_the_same(matching, site, one)}
    return bool(same) and not (_is_torn(matching, site) and _has_rival(matching, site, same))


def _alike(matching: Matching, site: int) -> set[int]:
    return _companions(matching, site).intersection(matching.partners.get(site, ()))


def _is_torn(matching: Matching, site: int) -> bool:
    """Whether something that Octave computes went along with a site, and does no more."""
    gone = _companions(matching, site) - _alike(matching, site)
    kinds = {matching.octave.sites[one].kind for one in gone}
    return not kinds.isdisjoint((Kind.BINDING, Kind.EXPRESSION))


def _does_the_same(matching: Matching, site: int, other: int) -> bool:
    place, there = matching.port.sites[site], matching.octave.sites[other]
    is_same = place.kind is Kind.BINDING or operation(place) == operation(there)
    return place.kind is there.kind and is_same


def _has_rival(matching: Matching, site: int, same: set[int]) -> bool:
    """Whether another statement of the port does, or binds, what one of some sites does."""
    own = matching.port.sites[site].statement
    return any(
        _does_the_same(matching, other, one)
        for other in matching.port.streams
        if matching.port.sites[other].statement != own
        for one in same & _alike(matching, other)
    )


def _companions(matching: Matching, site: int) -> set[int]:
    """Collect the sites of Octave that gave what a site did in each case that agrees.

    Where it gave the same in all of them that tells nothing.
    """
    if site not in matching.companions:
        ran = [one for one in matching.kept if site in one.port.streams]
        common = [set(one.partners.get(site, ())) for one in ran]
        found = set.intersection(*common) if common else set()
        found = {other for other in found if not ran[0].octave.sites[other].copies}
        if found:
            first, *rest = (one.port.streams[site].flat for one in ran)
            found = set() if all(same_numbers(first, flat) for flat in rest) else found
        matching.companions[site] = found
    return matching.companions[site]


def _first_turn(own: Stream, theirs: Stream) -> int:
    """Return the turn at which two streams part, or one of them ends; -1 where neither is so."""
    if same_numbers(own.flat, theirs.flat):
        return -1
    pairs = list(zip(own.items, theirs.items, strict=False))
    for turn, (one, other) in enumerate(pairs):
        if one is None or other is None or not same_numbers(one.flat, other.flat):
            return turn
    return len(pairs)


def _reads_what_is_wrong(matching: Matching, node: int) -> bool:
    nodes = matching.port.execution.nodes
    return any(matching.known.get(one) is False for one in nodes[node].inputs)
