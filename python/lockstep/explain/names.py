"""Which variables of the port stand for which variables, and expressions, of Octave.

May import `match`, `numbers`, `project` and `model`.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain

from lockstep.explain.match import Matching
from lockstep.explain.numbers import is_whole, same_numbers
from lockstep.model.execution import Execution, Kind, Site, StatementKind
from lockstep.project.m_files import spelling

FEW = 3
"""Whole numbers that tell, together, which variable has them, where nothing else does."""

SMALL = 1000
"""Elements of what is compared with the first value of each variable."""

BLANKS_TELL = frozenset("[{\"'")
"""What is in an expression of Octave that another one may be without its blanks."""

_ATTRIBUTE = re.compile(r"\w+\.\w+\Z")
"""What an object keeps, which is as good as a variable."""

_VARIABLES = (Kind.ARGUMENT, Kind.BINDING, Kind.READ)


def names_of(matching: Matching) -> Mapping[str, Sequence[str]]:
    """Say which variables of the port surely have the values of which of Octave."""
    found: dict[str, list[str]] = {}
    for site, partners in matching.partners.items():
        if matching.port.streams[site].is_telling:
            _add_names(found, matching, site, partners)
    return found


def likely_names_of(matching: Matching) -> Mapping[str, Sequence[str]]:
    """Say which variables of the port may stand for which of Octave, the surest first."""
    found = {name: list(others) for name, others in names_of(matching).items()}
    for site, partners in matching.partners.items():
        if matching.port.streams[site].flat.size >= FEW:
            _add_names(found, matching, site, partners)
    for octave, port in chain(by_position(matching), _begun_alike(matching)):
        if port not in found.setdefault(octave, []):
            found[octave].append(port)
    for site, partners in matching.partners.items():
        _add_names(found, matching, site, partners)  # by few values: better than no name at all
    return found


def names_of_expressions(matching: Matching) -> Mapping[str, Sequence[str]]:
    """Say which variables of the port surely have the values of which expressions of Octave.

    Of ``x(k)``, where the port has a name for it; the texts are without blanks.
    """
    found: dict[str, list[str]] = {}
    for site, partners in matching.partners.items():
        own = matching.port.sites[site]
        if own.kind is Kind.BINDING and matching.port.streams[site].is_telling:
            for other in (matching.octave.sites[one] for one in partners):
                if other.kind is Kind.EXPRESSION and BLANKS_TELL.isdisjoint(other.text):
                    found.setdefault("".join(other.text.split()), []).append(own.name)
    return found


def bound_by(matching: Matching, site: int, octave_site: int) -> Mapping[str, Sequence[str]]:
    """Say what the statement of a site of Octave binds, and what that of a site of the port.

    The outputs agree with the values of the one site in the place of the other's. Nothing is said
    unless each statement binds one variable.
    """
    sides = (matching.octave, octave_site), (matching.port, site)
    octave, own = (
        side.execution.source.statements[side.sites[number].statement].defines
        if number >= 0
        else ()
        for side, number in sides
    )
    return {octave[0]: own} if len(own) == len(octave) == 1 else {}


def _add_names(
    found: dict[str, list[str]], matching: Matching, site: int, partners: Sequence[int]
) -> None:
    own = matching.port.sites[site]
    name = own.name if own.kind in _VARIABLES else own.text if _ATTRIBUTE.match(own.text) else ""
    for partner in partners if name else ():
        other = matching.octave.sites[partner]
        if other.kind in _VARIABLES and name not in found.setdefault(other.name, []):
            found[other.name].append(name)


def by_position(matching: Matching) -> Iterator[tuple[str, str]]:
    """Pair the variables that are the same argument, or the same output, of both functions."""
    sides = (matching.octave.execution, matching.port.execution)
    yield from zip(*map(_arguments, sides), strict=False)
    octave, port = sides
    if len(octave.output_nodes) == len(port.output_nodes):
        for theirs, own in zip(octave.output_nodes, port.output_nodes, strict=True):
            if min(theirs, own) >= 0 and port.site(own).text.isidentifier():
                yield octave.site(theirs).text, port.site(own).text


def _begun_alike(matching: Matching) -> Iterator[tuple[str, str]]:
    """Pair the variables that surely have the same value the first time, others later."""
    port, octave = (
        [
            (name, stream.items[0].flat)
            for number, stream in side.streams.items()
            if (name := _kept(side.sites[number]))
            and len(stream.items) > 1
            and stream.items[0] is not None
            and stream.items[0].flat.size <= SMALL
            and stream.items[0].is_telling
        ]
        for side in (matching.port, matching.octave)
    )
    for name, first in port:
        yield from ((other, name) for other, there in octave if same_numbers(first, there))


def _kept(site: Site) -> str:
    """Name the variable that a site binds, or the attribute that it reads; empty for neither."""
    if site.kind is Kind.BINDING:
        return site.name
    return site.text if _ATTRIBUTE.match(site.text) else ""


def _arguments(execution: Execution) -> list[str]:
    """Name the arguments of the function that was called, in order."""
    sites = (execution.source.sites[one.site] for one in execution.nodes if one.frame == 0)
    return list(dict.fromkeys(s.name for s in sites if s.kind in (Kind.ARGUMENT, Kind.DEFAULT)))


def less_one_of(matching: Matching) -> Mapping[str, str]:
    """Say which variable of the port is always one less than which of Octave: it counts from 0.

    Of a loop that took one turn the name tells, too.
    """
    statements = matching.port.execution.source.statements
    counting = [
        (site, stream.flat)
        for number, stream in matching.port.streams.items()
        if (site := matching.port.sites[number]).kind in _VARIABLES
        and stream.is_known
        and (stream.flat.size > 1 or statements[site.statement].kind is StatementKind.FOR)
        and all(map(is_whole, stream.values))
    ]
    sizes = {flat.size for _, flat in counting}
    numbers: dict[bytes, list[str]] = {}
    for number, stream in matching.octave.streams.items():
        site = matching.octave.sites[number]
        if site.kind in _VARIABLES and stream.is_known and stream.flat.size in sizes:
            numbers.setdefault((stream.flat.real - 1).tobytes(), []).append(site.name)
    found: dict[str, str] = {}
    for site, flat in counting:
        names = numbers.get(flat.real.tobytes(), [])
        same = [one for one in names if spelling(one) == spelling(site.name)]
        for octave in (same or (names if flat.size > 1 else []))[:1]:
            if octave not in found or same:
                found[octave] = site.name
    return found
