"""Which decisions and jumps of the port, turned round, heal a case.

May import `model`, `likeness`, `match`, `numbers` and `suspects`.
"""

from collections import Counter
from collections.abc import Iterator

import numpy as np

from lockstep.explain.numbers import Stream
from lockstep.explain.suspects import MOST_TURNS, Blamed, Suspects
from lockstep.model.execution import Kind, Site, StatementKind

_JUMPS = (StatementKind.BREAK, StatementKind.CONTINUE, StatementKind.RETURN)


class ByFlow:
    """Sends the port another way.

    Parameters
    ----------
    suspects : Suspects
        Of one case.
    """

    def __init__(self, suspects: Suspects) -> None:
        self._suspects = suspects

    def decided(self, *, alike: bool = False) -> Iterator[Blamed]:
        """Turn decisions round: as Octave decided, at every turn, or at one of them.

        Parameters
        ----------
        alike : bool
            Whether it is those that Octave takes as well, on the same values.
        """
        for site in self._suspects.sites():
            is_decision = self._suspects.kind(site) is Kind.DECISION
            if is_decision and self._suspects.is_decided_alike(site) == alike:
                yield from self.turned(site)

    def sent_another_way(self) -> Iterator[Blamed]:
        """Try decisions that Octave does not take as well, and jumps that are too many."""
        yield from self.decided()
        yield from self.own_jumps()

    def lost_jumps(self) -> Iterator[Blamed]:
        """Take, at the ends of branches, jumps of which Octave has more than the port."""
        lost = self._jumps_of_octave() - self._jumps_of_port()
        for site in self._suspects.port.sites:
            if site.kind is Kind.JUMP and site.name in lost and not self._is_own(site):
                yield from self.jumped(site.number)

    def own_jumps(self) -> Iterator[Blamed]:
        """Leave out jumps that the port takes, in the functions that are looked at."""
        for site in self._suspects.port.sites:
            if site.kind is Kind.JUMP and self._is_own(site) and self._is_here(site):
                yield from self.jumped(site.number)

    def _is_here(self, site: Site) -> bool:
        return site.function in self._suspects.functions

    def jumped(self, site: int) -> Iterator[Blamed]:
        """Do the other thing at a jump: at every turn, or for some turns where it is the port's."""
        ways = MOST_TURNS if self._is_own(self._suspects.port.sites[site]) else 1
        for turns in (0, *range(1, ways)):
            if self._suspects.replayer.is_over:
                return
            way = _OtherWay(turns)
            if self._suspects.replayer.run({site: way}):
                yield Blamed(site, -1, True, jumped=True)
                return
            if way.reached <= turns:
                return

    def _is_own(self, site: Site) -> bool:
        """Whether a jump is one of the port; else it is the end of a branch where one may lack."""
        return self._suspects.port.execution.source.statements[site.statement].kind in _JUMPS

    def _jumps_of_port(self) -> Counter[str]:
        """Count the jumps of the functions that ran, by kind; a return at the end is none."""
        statements = self._suspects.port.execution.statements_in_reach()
        return Counter(
            str(one.kind) for one in statements if one.kind in _JUMPS and one.parent >= 0
        )

    def _jumps_of_octave(self) -> Counter[str]:
        """Count the jumps that Octave took, by kind: those under a condition that held."""
        octave = self._suspects.octave
        held = {
            octave.sites[site].statement
            for site, stream in octave.streams.items()
            if octave.sites[site].kind is Kind.DECISION
            and any(item is not None and item.flat.all() for item in stream.items)
        }
        return Counter(
            str(one.kind)
            for one in octave.execution.source.statements
            if one.kind in _JUMPS and one.parent in held and one.branch
        )

    def turned(self, site: int) -> Iterator[Blamed]:
        """Turn one decision round in each way that may be Octave's, until one heals."""
        stream = self._suspects.port.streams[site]
        if not all(isinstance(value, bool) for value in stream.values):
            return
        for other, outcomes in self._outcomes(site, stream):
            if self._suspects.replayer.is_over:
                return
            if outcomes != list(stream.values) and self._suspects.replayer.heals({site: outcomes}):
                yield Blamed(site, other, True, flipped=True, values=tuple(outcomes))
                return

    def _outcomes(self, site: int, stream: Stream) -> Iterator[tuple[int, list[bool]]]:
        """Yield outcomes to try, with the decision of Octave that they come from."""
        own = [bool(value) for value in stream.values]
        ranked = self._suspects.ranking.of(site)
        decisions = [o for o in ranked if self._suspects.octave.sites[o.site].kind is Kind.DECISION]
        for one in decisions:
            theirs = [bool(np.all(value)) for value in one.stream.values]
            yield one.site, theirs
            yield one.site, [not value for value in theirs]
        nearest = decisions[0].site if decisions else -1
        yield nearest, [not value for value in own]
        yield nearest, [True] * len(own)
        yield nearest, [False] * len(own)
        for turn in range(min(len(own), MOST_TURNS)):
            yield nearest, [not v if i == turn else v for i, v in enumerate(own)]


class _OtherWay:
    """Does the other thing at a jump, for some turns or, with 0, at each; counts the turns."""

    def __init__(self, turns: int) -> None:
        self._turns = turns
        self.reached = 0

    def __call__(self, turn: int, own: bool) -> bool:
        self.reached = turn + 1
        return not own if turn < self._turns or not self._turns else own
