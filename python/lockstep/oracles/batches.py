"""The Octave side of cases that come one after the other, several of them in one exchange.

An exchange with Octave takes longer than most cases, so that with a case those that come next are
sent, too: none at first, then more, twice as many each time it goes well. What they give is kept
until it is asked for. Where Octave ends or hangs in it, the cases go one by one again. May import
`sides` and `project`.
"""

from collections.abc import Iterator, Sequence

from lockstep.model.values import UnsupportedValueError
from lockstep.oracles.oracle import BatchError
from lockstep.project.cases import Case, octave_side
from lockstep.project.pairs import Pair
from lockstep.sides.octave import (
    Call,
    OctaveDiedError,
    OctaveError,
    OctaveTimeoutError,
    Reply,
)
from lockstep.sides.session import Session

AHEAD = 63
"""Cases that go with one at most."""


class Batches:
    """What the cases of a pair give in Octave.

    Parameters
    ----------
    session : Session
        Started with the first call.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self._pair = ""
        self._size = 1
        self._known: dict[int, tuple[Case, Reply | Exception]] = {}
        self._alone: dict[int, Case] = {}

    def outcome(self, pair: Pair, case: Case, ahead: Sequence[Case] = ()) -> Reply | Exception:
        """Return what a case gives, an error of Octave's too.

        Parameters
        ----------
        pair, case : Pair, Case
            The case.
        ahead : sequence of Case
            Those that will be asked for next, in this order and with the same limit.

        Raises
        ------
        BatchError
            If Octave failed in one of several cases; this one is to be asked for again.
        """
        if pair.name != self._pair:
            self._pair, self._size = pair.name, 1
            self._known, self._alone = {}, {}
        if id(case) not in self._known:
            self._run(pair, [case, *self._beside(case, ahead)])
        return self._known.pop(id(case))[1]

    def _beside(self, case: Case, ahead: Sequence[Case]) -> Iterator[Case]:
        """Yield the cases that go with one."""
        if id(case) in self._alone:
            return
        for other in ahead[: self._size - 1]:
            if id(other) in self._known or id(other) in self._alone:
                return
            yield other

    def _run(self, pair: Pair, cases: Sequence[Case]) -> None:
        """Run the first of some cases, and with it as many as go into one exchange."""
        try:
            calls = list(_calls(cases))
            found = self._session.call_each(pair.name, calls, pair.is_script)
        except UnsupportedValueError as error:
            self._keep(cases[0], error)
        except (OctaveDiedError, OctaveError) as error:
            self._failed(cases[: len(calls)], error)
        else:
            self._size = min(2 * self._size, 1 + AHEAD)
            for case, outcome in zip(cases, found, strict=False):
                self._keep(case, outcome)

    def _keep(self, case: Case, outcome: Reply | Exception) -> None:
        self._known[id(case)] = case, outcome  # the case as well, so that its id stays its own

    def _failed(self, cases: Sequence[Case], error: OctaveDiedError | OctaveError) -> None:
        """Let several cases go one by one; of one, the error is what it gives."""
        if len(cases) == 1:
            self._keep(cases[0], error)
            return
        self._size = 1
        self._alone |= {id(case): case for case in cases}
        if isinstance(error, OctaveTimeoutError) and error.reached is not None:
            self._keep(cases[error.reached], error)  # it had its time: it need not hang again
        if id(cases[0]) not in self._known:
            raise BatchError(str(error))


def _calls(cases: Sequence[Case]) -> Iterator[Call]:
    """Yield the calls of some cases, up to one that has no counterpart in Octave."""
    for i, case in enumerate(cases):
        try:
            args = [octave_side(one) for one in case.args]
        except UnsupportedValueError:
            if i == 0:
                raise
            return
        yield Call(args, case.nargout, case.seed)
