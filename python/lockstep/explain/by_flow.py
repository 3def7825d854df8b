"""Which decisions of the port, turned round, heal a case.

May import `model`, `likeness`, `numbers` and `suspects`.
"""

from collections.abc import Iterator

import numpy as np

from lockstep.explain.numbers import Stream
from lockstep.explain.suspects import MOST_TURNS, Blamed, Suspects
from lockstep.model.execution import Kind


class ByFlow:
    """Sends the port another way.

    Parameters
    ----------
    suspects : Suspects
        Of one case.
    """

    def __init__(self, suspects: Suspects) -> None:
        self._suspects = suspects

    def decided(self) -> Iterator[Blamed]:
        """Turn decisions round: as Octave decided, at every turn, or at one of them."""
        for site in self._suspects.sites():
            if self._suspects.kind(site) is Kind.DECISION:
                yield from self.turned(site)

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
