"""A plain slip anywhere in the port, found by trying: where no change of the named place mends it.

What is named by its values alone may be where a fault shows and not where it is: Octave may have no
value for what the port does in several steps. So the statements that ran are changed one slip at a
time, the commonest slips first, and every case is run. Of the changes that make all of them agree,
that one is taken with which the port's values inside are most like Octave's. May import `changes`,
`checks`, `evidence`, `grafts`, `lacking`, `mending`, `match`, `slips`, `suspects`, `varied`,
`sides` and `model`.
"""

import time
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from lockstep.explain.changes.change import Change
from lockstep.explain.checks import checks
from lockstep.explain.evidence import Evidence, statement_around
from lockstep.explain.grafts import LEVEL as GRAFTED
from lockstep.explain.grafts import grafts
from lockstep.explain.lacking import lacking
from lockstep.explain.match import Matching, match
from lockstep.explain.mending import TriedCase, Varied, agrees_with, shown, unified_diff
from lockstep.explain.patience import Patience
from lockstep.explain.slips import LEVELS, Slip, Statements, slips
from lockstep.explain.suspects import Blamed
from lockstep.explain.varied import size
from lockstep.model.execution import Execution
from lockstep.model.report import Finding, Mend
from lockstep.project.cases import Case
from lockstep.sides.changed_code import Exchange
from lockstep.sides.mended import MendedPort, MendError
from lockstep.sides.port_execution import ObservedPort, live_functions

GATHERING = 3.0
"""Time for making the changes."""

TIMES, MORE_STEPS, MORE_SECONDS = 10, 20_000, 0.5
"""How many times as long as the port as it is a run with a slip may be, and how much longer."""

ENOUGH_OTHERS = 5
"""Other cases that agree with a slip which no accident explains."""


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
        return self.mend.others_agreeing == self.mend.others >= ENOUGH_OTHERS

    @property
    def overwrites(self) -> bool:
        """Whether it puts a statement of Octave in, which may but replace what is wrong before."""
        return self.slip.octave >= 0

    def explains(self, matching: Matching, site: int) -> bool:
        """Whether a site of the port whose values Octave has nowhere has Octave's with the slip.

        Else the slip hides what is wrong there.
        """
        if not matching.is_wrong(site):
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


def strangeness(matching: Matching) -> float:
    """Say what part of the sites of a port have values that Octave has nowhere."""
    sites = [s for s, stream in matching.port.streams.items() if stream.is_known]
    return sum(map(matching.is_wrong, sites)) / max(len(sites), 1)


def mended_anywhere(
    matching: Matching,
    observed: ObservedPort,
    failing: Sequence[TriedCase],
    agreeing: Sequence[TriedCase],
    names: Mapping[str, Sequence[str]],
    named: Blamed | None,
    steps: int,
    patience: Patience,
    levels: int = LEVELS,
) -> Mended | None:
    """Look for the slip that mends a port.

    Parameters
    ----------
    matching : Matching
        Both executions of the first failing case.
    observed : ObservedPort
        The port; nothing of it is recorded meanwhile.
    failing, agreeing : sequence of TriedCase
        All cases: those that disagree, the one that was matched first, and those that agree.
    names : mapping
        By name of a variable of Octave, the variables of the port that have its values.
    named : Blamed or None
        The place that is named.
    steps : int
        Probes after which a run is stopped.
    patience : Patience
        Time for all of it; it is over where not all was tried.
    levels : int
        How many levels of slips are tried, the commonest first.

    Returns
    -------
    Mended or None
        None where no slip makes every case agree.
    """
    observed.rest()
    statements = Statements(matching.port.execution, names)
    tried = _Trial(observed, failing, agreeing, steps, patience)
    for number, group in enumerate(_groups(matching, statements, named, levels)):
        if number == 0 and group and tried.is_right_afresh(group[0].evidence):
            return None
        for level in range(levels):
            healing = [one for one in group if one.level == level and tried.heals(one)]
            found = list(_holding(healing, tried, matching))
            if found:
                return min(found, key=lambda one: _oddity(one, matching, named))
    return None


def _groups(
    matching: Matching, statements: Statements, named: Blamed | None, levels: int
) -> Iterator[list[Slip]]:
    """Make the changes, those that the others wait for first: of what raises Octave's error."""
    of_errors = list(checks(matching, statements, Patience(GATHERING)))
    if of_errors:
        yield of_errors
    yield [
        *slips(matching, statements, named, Patience(GATHERING)),
        *lacking(matching, statements, named, Patience(GATHERING)),
        *(grafts(matching, statements, Patience(GATHERING)) if levels > GRAFTED else ()),
    ]


def _holding(healing: Sequence[Slip], tried: "_Trial", matching: Matching) -> Iterator[Mended]:
    """Choose the slips with which other cases agree, too, or the values inside are Octave's."""
    stopped = bool(matching.port.execution.error)  # what it would do further is not known
    before = 1.0 if stopped else strangeness(matching)
    for one in healing:
        if tried.holds_for_others(one) and (made := tried.record(one)) is not None:
            found = Mended(one, tried.mend(one), _matched(matching, made))
            if found.is_borne_out or found.strangeness <= before:
                yield found


def mended_by(
    change: Change,
    evidence: Evidence,
    finding: Finding,
    matching: Matching,
    observed: ObservedPort,
    case: Case,
) -> Mended | None:
    """Look at a port with a change with which every case agrees.

    Parameters
    ----------
    change, evidence : Change, Evidence
        The change, and what was known when it was made.
    finding : Finding
        With the mend.
    matching : Matching
        Both executions of the first failing case.
    observed : ObservedPort
        The port; nothing of it is recorded meanwhile.
    case : Case
        The arguments of that case.

    Returns
    -------
    Mended or None
        None where the statement of the change did not run.
    """
    around = statement_around(evidence.tree, change.old)
    statement = next(
        (
            one
            for one in matching.port.execution.source.statements
            if around is not None and one.span.line == around.lineno
            and matching.port.execution.source.files[one.function] == evidence.file
        ),
        None,
    )  # fmt: skip
    if around is None or statement is None or finding.mend is None:
        return None
    slip = Slip(change, replace(evidence, statement=around), statement, 0)
    observed.rest()
    try:
        with MendedPort(
            observed.port, observed.pair, evidence.live, evidence.file, finding.mend.mended,
            original=evidence.text, observed=True,
        ) as mended:  # fmt: skip
            made = mended.record(case, observed.main)
    except MendError:
        return None
    return Mended(slip, finding.mend, _matched(matching, made))


def _oddity(
    mended: Mended, matching: Matching, named: Blamed | None
) -> tuple[int, bool, int, float, bool, int]:
    """Say how unlikely a slip is among others that mend the port."""
    change, evidence = mended.slip.change, mended.slip.evidence
    lacking = mended.mend.others - mended.mend.others_agreeing
    size = len("".join(mended.slip.mended.split())) - len("".join(evidence.text.split()))
    hides = named is not None and not mended.explains(matching, named.site)
    near, strange = mended.slip.nearness, round(mended.strangeness, 2)
    return lacking, hides, near, strange, change.is_guess, abs(size)


def _matched(matching: Matching, made: Execution) -> Matching:
    return match(matching.octave.execution, made, names=matching.names)


class _Trial:
    """Runs the cases of a pair with slips."""

    def __init__(
        self,
        observed: ObservedPort,
        failing: Sequence[TriedCase],
        agreeing: Sequence[TriedCase],
        steps: int,
        patience: Patience,
    ) -> None:
        self._observed = observed
        self._everyone = [*failing, *agreeing]
        self._in_turn = [*sorted(failing, key=lambda one: size(one.case)), *agreeing]
        self._steps = steps
        self._patience = patience
        self._seen: set[Hashable] = set()
        self._counted: dict[Slip, int] = {}
        self._limits: dict[Path, list[tuple[int, float]]] = {}
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

    def heals(self, slip: Slip) -> bool:
        """Whether every case agrees with a slip put right."""
        if self._patience.is_over or slip.key in self._seen:
            return False
        self._seen.add(slip.key)
        try:
            limits = self._limits_of(slip.evidence)
            with self._changed(slip) as mended:
                for one, (steps, seconds) in zip(self._in_turn, limits, strict=True):
                    if self._patience.is_over:
                        return False
                    if not agrees_with(mended.run(one.case, steps, seconds=seconds), one):
                        return False
        except MendError:
            return False
        return bool(slip.mended)

    def _limits_of(self, evidence: Evidence) -> list[tuple[int, float]]:
        """Say after how many steps, and seconds, a run of each case is given up.

        A slip makes no run so much longer than that of the port as it is.
        """
        if evidence.file not in self._limits:
            limits = []
            with self._port(evidence, evidence.text) as unchanged:
                for one in self._in_turn:
                    begins = time.perf_counter()
                    unchanged.run(one.case, self._steps)
                    seconds = TIMES * (time.perf_counter() - begins) + MORE_SECONDS
                    limits.append((TIMES * unchanged.steps + MORE_STEPS, seconds))
            self._limits[evidence.file] = limits
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
