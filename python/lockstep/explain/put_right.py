"""A port with a slip put right: what it does then, and what that says of the slip.

May import `by_case`, `changes`, `cones`, `match`, `nodes_of_tree`, `numbers`, `slips`,
`ways_round`, `project` and `model`.
"""

import ast
from dataclasses import dataclass

from lockstep.explain.by_case import is_alike
from lockstep.explain.changes.context import bound_name
from lockstep.explain.cones import decided_by
from lockstep.explain.match import Matching
from lockstep.explain.nodes_of_tree import place_of
from lockstep.explain.numbers import same_numbers
from lockstep.explain.slips import Slip
from lockstep.explain.ways_round import does_nothing
from lockstep.model.execution import Kind, Site
from lockstep.model.report import Mend, Place
from lockstep.project.m_files import spelling


@dataclass(frozen=True)
class Mended:
    """A slip after which every case agrees.

    Attributes
    ----------
    slip : Slip
        The change.
    mend : Mend
        What to say of it.
    matching : Matching
        Octave's side and that of the mended port.
    """

    slip: Slip
    mend: Mend
    matching: Matching

    @property
    def strangeness(self) -> float:
        """What part of the sites of the mended port have values that Octave has nowhere."""
        return strangeness(self.matching)

    @property
    def is_borne_out(self) -> bool:
        """Whether a good many other cases, made of those of the pair, agree with it, too."""
        return self.mend.is_borne_out

    @property
    def overwrites(self) -> bool:
        """Whether it puts a statement of Octave in, which may but replace what is wrong before."""
        return self.slip.octave >= 0

    @property
    def turns(self) -> bool:
        """Whether it changes a condition as a whole."""
        statement = self.slip.evidence.statement
        return isinstance(statement, ast.If) and self.slip.change.old is statement.test

    def is_within(self, place: Place | None) -> bool:
        """Whether what it changes is a part of a place."""
        line, column, last_line, last_column = place_of(self.slip.change.old)
        if place is None or place.file != self.slip.evidence.file:
            return False
        begins = (place.span.line, place.span.column) <= (line, column)
        return begins and (last_line, last_column) <= (place.span.last_line, place.span.last_column)

    def turns_what_comes_from(self, matching: Matching, site: int) -> bool:
        """Whether it changes, as a whole, a condition that comes from a site of the port."""
        port, condition = matching.port.execution, self.slip.statement.number
        place = port.source.sites[site].statement
        return self.turns and place != condition and place in decided_by(port, condition)

    def undoes(self, matching: Matching) -> bool:
        """Whether what had the values of Octave's has them no more.

        That is what its statement binds, what a function returns that has its counterpart in
        Octave, or a variable of the same name, or one that goes along in each case.
        """
        if self.overwrites or self.slip.change.keeps_value or does_nothing(self.slip.statement):
            return False  # it is put beside that statement, or has the same numbers
        if any(self._loses(matching, site) for site in matching.partners):
            return True
        for site, partners in matching.partners.items():
            place = matching.port.sites[site]
            if place.statement != self.slip.statement.number or place.kind is not Kind.BINDING:
                continue
            names = {spelling(matching.octave.sites[one].name) for one in partners}
            is_named = spelling(place.name) in names
            tells = matching.port.streams[site].is_telling or is_alike(matching, site)
            if not (tells or is_named):
                continue
            if self._partners(place).isdisjoint(partners) and not self._goes_on(matching, site):
                return True
        return False

    def _goes_on(self, matching: Matching, site: int) -> bool:
        """Whether a site gives what it gave before the slip was put right, and then more."""
        own, place = matching.port.streams[site], matching.port.sites[site]
        new = self.matching.port
        longer = (
            new.streams[other.number].flat
            for other in new.sites
            if _is_same_place(other, place) and other.number in new.streams
        )
        return any(
            flat.size > own.flat.size and same_numbers(flat[: own.flat.size], own.flat)
            for flat in longer
        )

    def _loses(self, matching: Matching, site: int) -> bool:
        """Whether a site beyond doubt as in Octave is so no more."""
        if not matching.port.streams[site].is_telling or site in matching.turned:
            return False
        place = matching.port.sites[site]
        if place.kind is Kind.RETURN:
            octave = matching.octave.execution
            helpers = {frame.function for frame in octave.frames[1:]}
            bound = {
                one
                for one in matching.partners[site]
                if octave.source.sites[one].kind is Kind.BINDING
                and octave.source.sites[one].function in helpers
            }
            return bool(bound) and bound.isdisjoint(self._partners(place))
        is_named = place.kind is Kind.BINDING and matching.is_confirmed(site)
        return is_named and not self._partners(place)

    def _partners(self, place: Site) -> set[int]:
        """Collect the sites of Octave that have the values of a place of the port, as mended."""
        return {
            partner
            for other in self.matching.port.sites
            if _is_same_place(other, place)
            for partner in self.matching.partners.get(other.number, ())
        }

    def explains(self, matching: Matching, site: int) -> bool:
        """Whether a site of the port whose values Octave has nowhere has Octave's with the slip.

        Else the slip hides what is wrong there. What it fills may be empty before.
        """
        if not matching.is_wrong(site) or self._fills(matching, site):
            return True
        place, new = matching.port.sites[site], self.matching.port
        same = (
            other.number
            for other in new.sites
            if (other.kind, other.name, other.text) == (place.kind, place.name, place.text)
        )
        if any(one in new.streams and not self.matching.is_wrong(one) for one in same):
            return True
        return place.statement == self.slip.statement.number

    def _fills(self, matching: Matching, site: int) -> bool:
        """Whether it puts parts into the array, and nothing else, that a site gives a variable."""
        statement = matching.port.sites[site].statement
        bound = matching.port.execution.source.statements[statement].defines
        if not self.overwrites or not self.is_borne_out:
            return False
        body = ast.parse(self.slip.change.lines).body
        return all(
            isinstance(one, ast.Assign)
            and isinstance(one.targets[0], ast.Subscript)
            and bound_name(one) in bound
            for one in body
        )


def _is_same_place(one: Site, other: Site) -> bool:
    """Whether two sites are on the same line, or bind the same in the same words, which moved."""
    words = (one.name, one.text) == (other.name, other.text)
    return one.kind is other.kind and (one.span.line == other.span.line or words)


def strangeness(matching: Matching) -> float:
    """Say what part of the sites of a port have values that Octave has nowhere."""
    sites = [s for s, stream in matching.port.streams.items() if stream.is_known]
    return sum(map(matching.is_wrong, sites)) / max(len(sites), 1)
