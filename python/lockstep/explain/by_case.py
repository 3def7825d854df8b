"""Which sites stand for which of Octave in the cases that agree, and no longer where one fails.

What small numbers have in common by chance in one case they seldom have in several. May import
`likeness`, `match`, `numbers` and `model`.
"""

from collections.abc import Sequence

from lockstep.explain.likeness import Counterpart
from lockstep.explain.match import Matching
from lockstep.explain.numbers import same_numbers
from lockstep.model.execution import Kind

LOOKED_AT = Kind.EXPRESSION, Kind.BINDING, Kind.RETURN, Kind.DECISION
"""What computes something, or gives it a name."""

MOST_PARTED = 40
"""Pairs that are tried."""

FEWEST = 2
"""Values that a site has in the cases that agree: one alone tells nothing."""


def parted(matching: Matching, kept: Sequence[Matching]) -> list[tuple[int, Counterpart]]:
    """List what gave the same in each of some cases, and gives something else in another.

    Parameters
    ----------
    matching : Matching
        Of the case that fails.
    kept : sequence of Matching
        Of cases that agree.

    Returns
    -------
    list of (int, Counterpart)
        The sites of the port in the order of time, each with what gave the same of Octave's.
    """
    found = []
    for site in matching.port.streams:
        if matching.port.sites[site].kind not in LOOKED_AT:
            continue
        first = matching.port.time(site)
        kind = matching.port.sites[site].kind
        for other in _partners(site, kept):
            theirs = matching.octave.streams.get(other)
            if theirs is None or same_numbers(theirs.flat, matching.port.streams[site].flat):
                continue
            is_of_kind = matching.octave.sites[other].kind is kind
            found.append((first, not is_of_kind, site, Counterpart(other, theirs)))
    found.sort(key=lambda one: one[:3])
    return [(site, one) for *_, site, one in found[:MOST_PARTED]]


def is_alike(matching: Matching, kept: Sequence[Matching], site: int) -> bool:
    """Whether a site gives what one of Octave does in each of some cases, and in another, too."""
    return not _partners(site, kept).isdisjoint(matching.partners.get(site, ()))


def _partners(site: int, kept: Sequence[Matching]) -> set[int]:
    """Collect the sites of Octave that gave what a site did, whenever that gave something."""
    ran = [one for one in kept if site in one.port.streams]
    if not ran:
        return set()
    streams = [one.port.streams[site] for one in ran]
    values = {stream.flat.tobytes() for stream in streams if stream.is_known}
    if len(values) < FEWEST and not any(one.is_known and one.is_telling for one in streams):
        return set()
    common = set.intersection(*(set(one.partners.get(site, ())) for one in ran))
    return {other for other in common if not ran[0].octave.sites[other].copies}
