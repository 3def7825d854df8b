"""The cases of a pair run with a slip put right, one slip after the other.

May import `changes`, `evidence`, `mending`, `patience`, `slips`, `statements`, `trying`,
`varied`, `sides` and `model`.
"""

from collections.abc import Hashable, Sequence
from functools import cached_property
from pathlib import Path

from lockstep.explain.evidence import Evidence
from lockstep.explain.mending import shown, unified_diff
from lockstep.explain.patience import Patience
from lockstep.explain.slips import Rank, Slip
from lockstep.explain.statements import Statements
from lockstep.explain.trying import (
    MORE_SECONDS,
    Limit,
    TriedCase,
    Varied,
    agrees_with,
    limit_of,
)
from lockstep.explain.varied import size
from lockstep.model.execution import Execution, StatementKind
from lockstep.model.report import Mend
from lockstep.sides.changed_code import Exchange
from lockstep.sides.mended import MendedPort, MendError
from lockstep.sides.port_execution import ObservedPort, live_functions

SECONDS_FOR_LINES = 2.0
"""Time in all that the cases may take, `TIMES` over, where it is looked which lines run in each."""


class Trial:
    """Runs the cases of a pair with slips.

    Parameters
    ----------
    observed : ObservedPort
        The port; nothing of it is recorded meanwhile.
    failing, agreeing : sequence of TriedCase
        All cases: those that disagree, and those that agree.
    steps : int
        Probes after which the port as it is is stopped.
    patience : Patience
        Time for all of it.
    in_vain : set of Hashable
        Slips with which not all of these cases agree, as is known already; more are put in.

    Attributes
    ----------
    cases : int
        How many of the cases are the pair's own.
    """

    def __init__(
        self,
        observed: ObservedPort,
        failing: Sequence[TriedCase],
        agreeing: Sequence[TriedCase],
        steps: int,
        patience: Patience,
        in_vain: set[Hashable],
    ) -> None:
        self._in_vain = in_vain
        self._observed = observed
        self._everyone = [*failing, *agreeing]
        self._in_turn = [*sorted(failing, key=lambda one: size(one.case)), *agreeing]
        self._failing = len(failing)
        self._steps = steps
        self._patience = patience
        self._seen: set[Hashable] = set()
        self._counted: dict[Slip, int] = {}
        self._limits: dict[Path, list[Limit]] = {}
        self._before = -1
        self.cases = sum(not one.is_made for one in self._everyone)
        self._functions = live_functions({str(file) for file in observed.source.files.values()})

    def _port(
        self,
        evidence: Evidence,
        text: str,
        *,
        observed: bool = False,
        exchange: Exchange | None = None,
    ) -> MendedPort:
        port, pair = self._observed.port, self._observed.pair
        return MendedPort(
            port, pair, evidence.live, evidence.file, text, self._functions,
            original=evidence.text, observed=observed, exchange=exchange,
        )  # fmt: skip

    def ranks(self, statements: Statements) -> dict[int, Rank]:
        """Say of the statements how well the cases in which they run are those that fail."""
        lines: dict[Path, list[frozenset[int]]] = {}
        found = {}
        for statement, evidence in statements.each():
            if statement.kind is StatementKind.FUNCTION:
                continue
            if evidence.file not in lines:
                lines[evidence.file] = self._lines_run(evidence)
            own = range(statement.span.line, statement.span.last_line + 1)
            ran = [not one.isdisjoint(own) for one in lines[evidence.file]]
            if ran:
                failing, others = ran[: self._failing], ran[self._failing :]
                found[statement.number] = not all(failing), sum(others) / max(len(others), 1)
        return found

    def _lines_run(self, evidence: Evidence) -> list[frozenset[int]]:
        """Return the lines of a file that run in each case; [] where that takes too long."""
        try:
            limits = self._limits_of(evidence)
            if sum(limit.seconds - MORE_SECONDS for limit in limits) > SECONDS_FOR_LINES:
                return []
            with self._port(evidence, evidence.text) as unchanged:
                return [
                    unchanged.lines_run(one.case, limit.seconds)
                    for one, limit in zip(self._in_turn, limits, strict=True)
                ]
        except MendError:
            return []

    def heals(self, slip: Slip) -> bool:
        """Whether every case agrees with a slip put right."""
        if self._patience.is_over or slip.key in self._seen or slip.key in self._in_vain:
            return False
        self._seen.add(slip.key)
        try:
            limits = self._limits_of(slip.evidence)
            with self._changed(slip) as mended:
                for one, limit in zip(self._in_turn, limits, strict=True):
                    if self._patience.is_over:
                        return False
                    reply = mended.run(one.case, limit.steps, seconds=limit.seconds)
                    if not agrees_with(reply, one):
                        self._in_vain.add(slip.key)
                        return False
        except MendError:
            self._in_vain.add(slip.key)
            return False
        return bool(slip.mended)

    def _limits_of(self, evidence: Evidence) -> list[Limit]:
        """Say of each case when a run of it is given up."""
        if evidence.file not in self._limits:
            with self._port(evidence, evidence.text) as unchanged:
                self._limits[evidence.file] = [
                    limit_of(unchanged, one, self._steps) for one in self._in_turn
                ]
        return self._limits[evidence.file]

    def _changed(self, slip: Slip) -> MendedPort:
        if slip.exchange is not None:
            return self._port(slip.evidence, slip.evidence.text, exchange=slip.exchange)
        if not slip.mended:
            raise MendError("the change cannot be written")
        return self._port(slip.evidence, slip.mended)

    def is_right_afresh(self, evidence: Evidence) -> bool:
        """Whether the port as it is agrees where it has kept nothing: then each change would."""
        try:
            with self._port(evidence, evidence.text) as unchanged:
                return all(
                    agrees_with(unchanged.run(one.case, self._steps), one) for one in self._everyone
                )
        except MendError:
            return False

    def holds_for_others(self, slip: Slip) -> bool:
        """Whether it mends other cases, too, and not just these very arguments."""
        count = self._agreeing_others(slip)
        return count == len(self._others) or count > self._others_before(slip.evidence)

    def breaks_no_other(self, slip: Slip) -> bool:
        """Whether as many other cases agree as without it: the rest may disagree all the same."""
        return self._agreeing_others(slip) >= self._others_before(slip.evidence)

    def others_tell_nothing(self, evidence: Evidence) -> bool:
        """Whether most other cases disagree though the pair's own agree, but for a few.

        They ask for what the function is not made for: matrices that are no rotations any more.
        """
        disagreeing = len(self._others) - self._others_before(evidence)
        return 2 * disagreeing > len(self._others) and 2 * self._failing <= len(self._everyone)

    def mend(self, slip: Slip) -> Mend:
        """Return what to say of a slip with which every case agrees."""
        evidence, others = slip.evidence, self._others
        diff = unified_diff(evidence.text, slip.mended, shown(evidence.file))
        return Mend(
            evidence.file, diff, self.cases, self.cases, evidence.text, slip.mended,
            self._agreeing_others(slip), len(others),
        )  # fmt: skip

    @cached_property
    def _others(self) -> Sequence[TriedCase]:
        first = self._everyone[0]
        return first.others() if isinstance(first, Varied) else ()

    def agreeing_wider(self, slip: Slip) -> int:
        """How many cases with other sizes agree with a slip: the right one may hold for these."""
        with self._port(slip.evidence, slip.mended) as mended:
            return sum(agrees_with(mended.run(one.case, self._steps), one) for one in self._wider)

    @cached_property
    def _wider(self) -> Sequence[TriedCase]:
        first = self._everyone[0]
        return first.wider() if isinstance(first, Varied) else ()

    def _others_before(self, evidence: Evidence) -> int:
        """How many of the other cases agree without a change."""
        if self._before < 0:
            with self._port(evidence, evidence.text) as unchanged:
                replies = [unchanged.run(one.case, self._steps) for one in self._others]
            self._before = sum(map(agrees_with, replies, self._others))
        return self._before

    def _agreeing_others(self, slip: Slip) -> int:
        if slip not in self._counted:
            with self._port(slip.evidence, slip.mended) as mended:
                replies = [mended.run(one.case, self._steps) for one in self._others]
            self._counted[slip] = sum(map(agrees_with, replies, self._others))
        return self._counted[slip]

    def record(self, slip: Slip) -> Execution | None:
        """Return what the port does in the first failing case with a slip put right."""
        try:
            with self._port(slip.evidence, slip.mended, observed=True) as mended:
                return mended.record(self._everyone[0].case, self._observed.main)
        except MendError:
            return None
