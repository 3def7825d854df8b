"""Where a port, read line by line beside Octave's code, first gives a variable another value.

A port that keeps the variables, and their order, is compared as a reader would: the bindings and
decisions of two functions that stand for each other are put side by side, and of those that have a
counterpart the ones that first went apart come first. In what order replays are tried depends on
this, and which of the steps before are right and not tried. May import `likeness`, `match`, `side`,
`names`, `numbers` and `model`.
"""

import math
from collections.abc import Iterator, Mapping
from difflib import SequenceMatcher
from itertools import product

from lockstep.explain.likeness import Counterpart, functions_alike
from lockstep.explain.match import Matching, spell
from lockstep.explain.names import by_position, names_of
from lockstep.explain.numbers import Numbers, one_more, same_numbers
from lockstep.explain.side import Side
from lockstep.model.execution import Kind

LEAST_ALIKE = 0.5
"""Part of the bindings and decisions of two functions that must stand in one order."""

MOST_APART = 12
"""Sites that went apart first, which are tried."""

MOST_TURNS = 2_000
"""Turns of a loop that are compared."""


class ByLine:
    """The bindings and decisions of a port that have a counterpart, line by line.

    Parameters
    ----------
    matching : Matching
        Both executions.

    Attributes
    ----------
    apart : list of (int, Counterpart)
        The sites with other values than their counterparts, those first that first had; what is one
        less throughout may count from zero, and is among them.
    """

    def __init__(self, matching: Matching) -> None:
        port, octave = matching.port, matching.octave
        self._parted: dict[int, float] = {}
        found = []
        for site, other in _side_by_side(matching):
            turn = _parted(matching, site, other)
            if turn < 0:
                self._parted[site] = math.inf
                continue
            first = port.execution.by_site[site][turn]
            counts = _counts_from_zero(matching, site, other)  # that may be a mistake, or not
            if not counts:
                self._parted[site] = first
            if not counts or port.sites[site].kind is Kind.BINDING:
                found.append((first, site, Counterpart(other, octave.streams[other])))
        self._statements = [place.statement for place in port.sites]
        self._first: dict[int, float] = {}
        for site, time in self._parted.items():
            statement = self._statements[site]
            self._first[statement] = min(time, self._first.get(statement, math.inf))
        found.sort(key=lambda one: one[:2])
        self.apart = [(site, one) for _, site, one in found[:MOST_APART]]

    def is_right_until(self, site: int, later: int) -> bool:
        """Whether a site gave what its counterpart did until another one no longer did.

        A part of a statement did where what the statement binds did.
        """
        if self._parted.get(later, math.inf) == math.inf:
            return False
        first = self._first.get(self._statements[site], -1)
        return self._parted.get(site, first) > self._parted[later]


def _side_by_side(matching: Matching) -> Iterator[tuple[int, int]]:
    """Pair the bindings and decisions of functions that have most of them in one order."""
    port, octave = matching.port, matching.octave
    known = _other_names(matching)
    everything = product(_functions(port), _functions(octave))
    for own, theirs in sorted(functions_alike(matching) or everything):
        rows, columns = _sites(port, own), _sites(octave, theirs)
        first = [_word(port, site, known) for site in rows]
        second = [_word(octave, site, {}) for site in columns]
        order = SequenceMatcher(None, first, second, autojunk=False)
        if order.ratio() < LEAST_ALIKE:
            continue
        for block in order.get_matching_blocks():
            for place in range(block.size):
                yield rows[block.a + place], columns[block.b + place]


def _other_names(matching: Matching) -> dict[str, str]:
    """Say which variables of the port have other names in Octave.

    So it was declared, or they are the same argument or output, or surely have the same values.
    """
    declared = {own: name for name, own in reversed([*matching.names.items()])}
    octave, port = (
        {spell(site.name) for site in side.sites} for side in (matching.octave, matching.port)
    )
    sure = ((name, own) for name, every in names_of(matching).items() for own in every)
    found: dict[str, str] = {}
    for name, own in (*sure, *by_position(matching)):
        if spell(own) not in octave and spell(name) not in port:
            found.setdefault(own, name)
    return {**found, **declared}


def _functions(side: Side) -> set[str]:
    return {side.sites[site].function for site in side.streams}


def _sites(side: Side, function: str) -> list[int]:
    """List the bindings and decisions of a function that ran, as they stand in order."""
    kinds = Kind.BINDING, Kind.DECISION
    single = (one for one in side.sites if not one.copies)
    own = (one for one in single if one.function == function and one.kind in kinds)
    return [one.number for one in own if one.number in side.streams]


def _word(side: Side, site: int, known: Mapping[str, str]) -> str:
    """Say what is compared of a site: the variable, or what kind of statement decides.

    A variable that is known to stand for one of Octave's has the name of that.
    """
    place = side.sites[site]
    if place.kind is Kind.DECISION:
        return f"?{side.execution.source.statements[place.statement].kind}"
    return spell(known.get(place.name, place.name))


def _parted(matching: Matching, site: int, other: int) -> int:
    """Return the turn at which two sites first gave other numbers; -1 where they never did."""
    if other in matching.partners.get(site, ()):
        return -1
    pairs = enumerate(_turns(matching, site, other))
    return next((turn for turn, (own, theirs) in pairs if _differ(own, theirs, 0)), -1)


def _counts_from_zero(matching: Matching, site: int, other: int) -> bool:
    """Whether a site gave one less than another one throughout."""
    return not any(_differ(own, theirs, 1) for own, theirs in _turns(matching, site, other))


def _turns(matching: Matching, site: int, other: int) -> Iterator[tuple[Numbers | None, ...]]:
    own, theirs = matching.port.streams[site].items, matching.octave.streams[other].items
    return zip(own[:MOST_TURNS], theirs[:MOST_TURNS], strict=False)


def _differ(own: Numbers | None, theirs: Numbers | None, step: int) -> bool:
    if own is None or theirs is None:
        return False
    return not same_numbers(one_more(own.flat) if step else own.flat, theirs.flat)
