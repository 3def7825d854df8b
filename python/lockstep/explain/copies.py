"""Statements of Octave that are copies of each other, taken for one that runs several times.

What Octave writes once for each variable a port may do in a loop, or in a function that is called
for each. May import `model` and `numbers`.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain

from lockstep.model.execution import Execution, Kind, Site, Source

MOST_COPIES = 12
"""Statements beyond which those of one form are not taken for one."""

LEAST_PARTS = 2
"""Expressions that a statement has at least, so that its form is no accident."""

_NAME = re.compile(r"\b[A-Za-z]\w*")

Copies = tuple[int, ...]
"""Sites that are taken for one."""

Sites = Mapping[Copies, Sequence[int]]
"""Of sites that are made of others: the nodes."""


def groups_of_copies(octave: Execution) -> Iterator[list[Copies]]:
    """Yield, of statements that differ in their variables alone, the sites that are the same.

    Yields
    ------
    list of tuple of int
        The sites of what each of them binds or decides, and of all parts of that.
    """
    sites = octave.source.sites
    forms: dict[tuple[str, Kind, str], list[int]] = {}
    for site in sites:
        if site.kind not in (Kind.BINDING, Kind.DECISION) or site.number not in octave.by_site:
            continue
        below = list(_below(site, sites))
        if sum(one.kind is Kind.EXPRESSION for one in below) >= LEAST_PARTS:
            forms.setdefault((site.function, site.kind, _form(site, below)), []).append(site.number)
    for found in forms.values():
        if 2 <= len(found) <= MOST_COPIES:
            together = list(_side_by_side(tuple(found), sites))
            if all(_have_as_many_parts(one, sites) for one in together):
                yield together


def with_sites(octave: Execution, groups: Sequence[Sites]) -> Execution:
    """Return an execution in which more sites are made of the nodes of those that there are."""
    sites = list(octave.source.sites)
    by_site = dict(octave.by_site)
    for group in groups:
        numbers = {copies: len(sites) + place for place, copies in enumerate(group)}
        for copies, nodes in group.items():
            first = sites[copies[0]]
            parts = zip(*(sites[copy].parts for copy in copies), strict=True)
            if nodes:
                by_site[len(sites)] = nodes
            own = tuple(numbers[part] for part in parts if part in numbers)
            every = tuple(chain(*(sites[copy].copies or (copy,) for copy in copies)))
            sites.append(replace(first, number=len(sites), parts=own, copies=every))
    source = Source(octave.source.statements, sites, octave.source.files)
    found = replace(octave, source=source)
    vars(found)["by_site"] = by_site
    return found


def joined(by_site: Mapping[int, Sequence[int]], copies: Copies) -> list[int]:
    """Return the nodes of several sites in the order of time."""
    return sorted(chain.from_iterable(by_site.get(one, ()) for one in copies))


def _below(site: Site, sites: Sequence[Site]) -> Iterator[Site]:
    for part in site.parts:
        yield sites[part]
        yield from _below(sites[part], sites)


def _form(site: Site, below: Sequence[Site]) -> str:
    """Write what a statement does without the names of its variables."""
    names = {one.name for one in below if one.kind is Kind.READ}
    text = "; ".join(_text(part) for part in below if part.number in site.parts)
    return _NAME.sub(lambda found: "_" if found[0] in names else found[0], text)


def _text(site: Site) -> str:
    return site.text.replace(" ", "")


def _side_by_side(copies: Copies, sites: Sequence[Site]) -> Iterator[Copies]:
    yield copies
    for parts in zip(*(sites[one].parts for one in copies), strict=False):
        yield from _side_by_side(parts, sites)


def _have_as_many_parts(copies: Copies, sites: Sequence[Site]) -> bool:
    return len({len(sites[one].parts) for one in copies}) == 1
