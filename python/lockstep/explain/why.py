"""Why a place of the port is wrong, and what mends it: the one call for both.

May import `evidence`, `candidates`, `mending`, `trying` and `reasons`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from lockstep.explain.candidates import Candidate, candidates
from lockstep.explain.changes.change import Change
from lockstep.explain.evidence import Evidence, place_in
from lockstep.explain.mending import SECONDS, Tried, mends
from lockstep.explain.outcomes import Match
from lockstep.explain.reasons import relation_of
from lockstep.explain.trying import STEPS, TriedCase
from lockstep.model.report import Mend, Place, Reason
from lockstep.project.pairs import Pair
from lockstep.sides.port import Port

SHARING = "sharing"
"""The reason of which two statements are named: the one that shares, and the one that changes."""


@dataclass(frozen=True)
class Answer:
    """Why a place is wrong, and what mends it.

    Attributes
    ----------
    reason : Reason or None
        Why the values differ.
    mend : Mend or None
        The change that makes most cases agree.
    place : Place or None
        Where the mend changes the port.
    change : Change or None
        The change that the mend makes.
    """

    reason: Reason | None
    mend: Mend | None
    place: Place | None = None
    change: Change | None = None

    @property
    def proved(self) -> bool:
        """Whether every case agrees with the mend: so the place is the right one, too."""
        return self.mend is not None and self.mend.agreeing == self.mend.cases


def answer(
    port: Port,
    pair: Pair,
    failing: Sequence[TriedCase],
    agreeing: Sequence[TriedCase],
    evidence: Evidence,
    steps: int = STEPS,
    seconds: float = SECONDS,
) -> Answer:
    """Say why a place of the port is wrong, and what mends it.

    Parameters
    ----------
    port, pair : Port, Pair
        The Python side.
    failing, agreeing : sequence of TriedCase
        The cases that disagree, at least one, and those that agree.
    evidence : Evidence
        What is known of the place.
    steps : int
        Probes after which a run of a changed port is stopped.
    seconds : float
        Time for all of it.
    """
    found = candidates(evidence, seconds / 3)
    tried = mends(port, pair, failing, agreeing, evidence, steps, 2 * seconds / 3, found)
    reason = _reason(evidence, tried, sum(not one.is_made for one in failing))
    change = None if tried.candidate is None else tried.candidate.change
    return Answer(reason, tried.mend, _place(evidence, tried), change)


def _reason(evidence: Evidence, tried: Tried, failing: int) -> Reason | None:
    """Choose the reason: the change that mends most, or gives Octave's value; else a relation."""
    relation = relation_of(evidence) if evidence.is_sure else None
    if tried.candidate is not None and (tried.heals_all or _heals_most(tried, failing)):
        return _of_change(evidence, tried.candidate, relation)
    for candidate in tried.healing:
        if candidate.match <= Match.FIRST and candidate.is_telling:
            return _of_change(evidence, candidate, relation)
    return relation


def _heals_most(tried: Tried, failing: int) -> bool:
    """Whether most cases that failed agree with a change that is no guess."""
    if tried.mend is None or tried.candidate is None or tried.candidate.change.is_guess:
        return False
    return 2 * (tried.mend.cases - tried.mend.agreeing) < failing


def _of_change(evidence: Evidence, candidate: Candidate, relation: Reason | None) -> Reason:
    change = candidate.change
    text = "with the change below the recorded inputs give Octave's value"
    if candidate.match > Match.FIRST:
        text = "with the change below the outputs agree"
    if relation is not None:
        text = relation.text
    elif change.key == SHARING and evidence.changed_by:
        text = f"it is changed by {evidence.changed_by}"
    return Reason(change.key, text, change.octave_rule, change.python_rule)


def _place(evidence: Evidence, tried: Tried) -> Place | None:
    """Say where a mend changes the port."""
    if tried.candidate is None:
        return None
    return place_in(evidence, tried.candidate.change.old)
