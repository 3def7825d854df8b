"""Which sites stand for which of Octave in the cases that agree, and no longer where one fails.

What small numbers have in common by chance in one case they seldom have in several. May import
`likeness`, `match`, `numbers` and `model`.
"""

from lockstep.explain.likeness import Counterpart
from lockstep.explain.match import Matching, operation
from lockstep.explain.numbers import Stream, same_numbers
from lockstep.model.execution import Kind

LOOKED_AT = Kind.EXPRESSION, Kind.BINDING, Kind.RETURN, Kind.DECISION
"""What computes something, or gives it a name."""

MOST_PARTED = 40
"""Pairs that are tried."""

FEWEST = 2
"""Values that a site has in the cases that agree: one alone tells nothing."""


def parted(matching: Matching) -> list[tuple[int, Counterpart]]:
    """List what gave the same in each case that agrees, and gives something else in this one.

    Parameters
    ----------
    matching : Matching
        Of the case that fails, with those that agree.

    Returns
    -------
    list of (int, Counterpart)
        The sites of the port in the order of time, each with what gave the same of Octave's.
    """
    found = []
    for site, stream in matching.port.streams.items():
        kind = matching.port.sites[site].kind
        is_known = matching.is_sure(site) or is_right(matching, site)
        if kind not in LOOKED_AT or is_known or _is_output(matching, stream):
            continue
        for other in _partners(matching, site) & matching.octave.streams.keys():
            theirs = matching.octave.streams[other]
            first = _parted(matching, site, theirs)
            if first >= 0 and not _reads_what_is_wrong(matching, first):
                is_of_kind = matching.octave.sites[other].kind is kind
                found.append((first, not is_of_kind, site, Counterpart(other, theirs)))
    found.sort(key=lambda one: one[:3])
    return [(site, one) for *_, site, one in found[:MOST_PARTED]]


def _is_output(matching: Matching, stream: Stream) -> bool:
    """Whether a site gives an output: that goes along in cases that agree, whatever is wrong."""
    nodes = (node for node in matching.port.execution.output_nodes if node >= 0)
    outputs = (matching.port.numbers[node] for node in nodes)
    return any(one is not None and same_numbers(one.flat, stream.flat) for one in outputs)


def _parted(matching: Matching, site: int, theirs: Stream) -> int:
    """Return the first node of a site that gave another value than one of Octave; -1 for none."""
    own, nodes = matching.port.streams[site], matching.port.execution.by_site[site]
    if same_numbers(own.flat, theirs.flat):
        return -1
    for node, one, other in zip(nodes, own.items, theirs.items, strict=False):
        if one is None or other is None or not same_numbers(one.flat, other.flat):
            return node
    return nodes[-1]


def _reads_what_is_wrong(matching: Matching, node: int) -> bool:
    nodes = matching.port.execution.nodes
    return any(matching.known.get(one) is False for one in nodes[node].inputs)


def is_alike(matching: Matching, site: int) -> bool:
    """Whether a site gives what one of Octave does in each case that agrees, and in this one."""
    return not _partners(matching, site).isdisjoint(matching.partners.get(site, ()))


def is_right(matching: Matching, site: int) -> bool:
    """Whether a site binds a variable, or does the same, as one that it is like in every case."""
    place = matching.port.sites[site]
    if place.kind not in (Kind.BINDING, Kind.EXPRESSION):
        return False
    alike = _partners(matching, site).intersection(matching.partners.get(site, ()))
    others = [matching.octave.sites[one] for one in alike]
    is_bound = place.kind is Kind.BINDING
    return any(
        one.kind is place.kind and (is_bound or operation(one) == operation(place))
        for one in others
    )


def _partners(matching: Matching, site: int) -> set[int]:
    """Collect the sites of Octave that gave what a site did in each case that agrees."""
    ran = [one for one in matching.kept if site in one.port.streams]
    streams = [one.port.streams[site] for one in ran]
    if len({stream.flat.tobytes() for stream in streams if stream.is_known}) < FEWEST:
        return set()
    common = set.intersection(*(set(one.partners.get(site, ())) for one in ran))
    return {other for other in common if not ran[0].octave.sites[other].copies}
