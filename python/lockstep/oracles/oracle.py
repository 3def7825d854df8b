"""What the rest of the package asks of the Octave side of a project.

`live` asks an engine that runs; `recorded` reads what one gave before. May import `sides`.
"""

from collections.abc import Generator, Mapping, Sequence
from typing import Any, Protocol

from lockstep.model.execution import Execution
from lockstep.model.identity import Identity
from lockstep.model.summed import Blocks, Window
from lockstep.project.cases import Case
from lockstep.project.pairs import Pair
from lockstep.sides.octave import Reply


class BatchError(Exception):
    """The engine failed in one of several cases that went together."""


class Oracle(Protocol):
    """Gives what the Octave side of any pair of a project gives.

    Attributes
    ----------
    timeout : float or None
        Seconds that a call may take.
    """

    timeout: float | None

    @property
    def pid(self) -> int | None:
        """Process id of the engine; None while none runs."""
        ...

    def start(self) -> None:
        """Get ready for the first call.

        Raises
        ------
        OctaveNotFoundError
            If the engine is not there, or does not start.
        """
        ...

    def close(self) -> None:
        """End what was started."""
        ...

    def identity(self) -> Identity:
        """Say which engine gives the values."""
        ...

    def adopted(self, pair: Pair, cases: Mapping[str, Case]) -> Mapping[str, Case]:
        """Return the cases of a pair as they are to be run on both sides.

        Raises
        ------
        ProjectError
            If the oracle has nothing to say of the pair, or nothing that still holds.
        """
        ...

    def said(self, pair: Pair, case: Case) -> str:
        """Return what a report says of where a case's values come from; empty for a live engine."""
        ...

    def is_traced(self, pair: Pair, case: Case) -> bool:
        """Whether `trace` can be asked for this case."""
        ...

    def outcome(self, pair: Pair, case: Case, ahead: Sequence[Case] = ()) -> Reply | Exception:
        """Return what the Octave side of a case gives; an error of it is returned, too.

        Parameters
        ----------
        pair, case : Pair, Case
            The case.
        ahead : sequence of Case
            Cases of the pair that will be asked for next: they may be run with it.

        Raises
        ------
        BatchError
            If the engine failed in one of several cases; this one is to be asked for again.
        """
        ...

    def jumping(self, pair: Pair, case: Case, outputs: list[Any]) -> dict[str, list[Any]]:
        """Return the leaves of the outputs that jump when the arguments are nudged, by name.

        With each come the values that it had then, as far as these are kept. A jump is no excuse
        for a port where Octave is sure of its value.
        """
        ...

    def rounded(
        self, pair: Pair, case: Case, outputs: list[Any]
    ) -> Generator[dict[str, Any], None, None]:
        """Yield the leaves of the outputs by name, as Octave gives them where it rounds otherwise.

        One mapping for each run; none where that cannot be had. The iterator is to be closed.

        Raises
        ------
        OctaveDiedError
            If the engine ends, or takes too long.
        """
        ...

    def trace(self, pair: Pair, case: Case) -> Execution:
        """Return all that the Octave side of a case did.

        Raises
        ------
        ProjectError, OctaveTraceError, OctaveError, OctaveDiedError, UnsupportedValueError
            If it cannot be traced; the message says why.
        """
        ...

    def trace_part(self, pair: Pair, case: Case, part: Window) -> Execution:
        """Return what the Octave side of a case did in a part of its run.

        Raises
        ------
        ProjectError, OctaveTraceError, OctaveError, OctaveDiedError, UnsupportedValueError
            As `trace` does; an engine that cannot do that, and a recording, raise OctaveTraceError.
        """
        ...

    def summed(self, pair: Pair, case: Case, size: int) -> Blocks:
        """Return sums of what the Octave side of a case bound, in blocks of `size` values.

        Raises
        ------
        ProjectError, OctaveTraceError, OctaveError, OctaveDiedError, UnsupportedValueError
            As `trace_part` does.
        """
        ...
