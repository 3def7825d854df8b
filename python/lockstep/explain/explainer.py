"""From the cases of a pair that disagree to the place in the port that is at fault.

May import all of `explain`, `sides`, `compare` and `model`.
"""

import contextlib
import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Protocol

from lockstep.explain.answers import SECONDS, Answers
from lockstep.explain.blame import Search
from lockstep.explain.failing_case import SLOW, FailingCase, own_cases, to_be_traced
from lockstep.explain.findings import (
    jump_finding,
    no_error,
    other_error,
    value_finding,
)
from lockstep.explain.match import Matching, match
from lockstep.explain.mender import Choice, Mender, is_roundabout
from lockstep.explain.nothing import Nothing, nothing_returned, nothing_used
from lockstep.explain.patience import Patience
from lockstep.explain.raising import lacks_a_value, stops
from lockstep.explain.replay import Replayer
from lockstep.explain.same_bits import are_the_same_bits
from lockstep.explain.suspects import Blamed
from lockstep.explain.trying import Varied
from lockstep.explain.varied import size
from lockstep.explain.ways_round import emptied, idle, left_out, statements_of, with_values
from lockstep.model.execution import Execution, Kind
from lockstep.model.report import Fault, Finding
from lockstep.project.cases import Case
from lockstep.sides.octave_execution import OctaveTraceError
from lockstep.sides.port import PortReply
from lockstep.sides.port_execution import ObservedPort

FOR_OTHERS = 0.3
"""Part of the time in which cases beyond the first are traced."""

SECONDS_UPSTREAM = 8.0
"""Time for the changes of all steps of the port that Octave has not."""

SEVERAL = 3
"""Cases in which small numbers in one place do not all heal by chance."""

MOST_CASES = 8
"""Cases that disagree beyond the first in which the named place is tried, too."""

MOST_NODES = 40_000
"""Values of the port beyond which no decision is looked for: a verdict is not to wait for it."""

MOST_DECISIONS = 3
"""Decisions that are looked at: one may heal a case by chance."""

MOST_KEPT, FEWEST_KEPT = 3, 2
"""Cases that agree in which they must still do so with Octave's values in the named place; where
the pair has fewer than the least, others like them are made."""


Recorded = tuple[Execution, PortReply | Exception]
"""What the port does in a case."""

Tracked = tuple[FailingCase, Search]
"""A case, and what looks for places in it."""


class OctaveExecutions(Protocol):
    """Gives what Octave did in a case."""

    def __call__(self, case: Case) -> Execution:
        """Trace a case."""
        ...


class Explainer:
    """Explains one pair.

    Parameters
    ----------
    observed : ObservedPort
        The port, with probes.
    octave : callable
        Gives what Octave did in a case.
    seconds : float
        Time for replays.
    names : mapping, optional
        The variable of the port that stands for one of Octave's, where that was declared.

    Attributes
    ----------
    unseen : str
        What was not looked at in the first case that was explained; empty for nothing.
    healed : list of str
        Names of the cases that agreed with Octave's values in the place that was named last.
    both : tuple of Finding, or None
        Two places, where the case agreed with Octave's values in both, and in neither alone.
    """

    def __init__(
        self,
        observed: ObservedPort,
        octave: OctaveExecutions,
        seconds: float = SECONDS,
        names: Mapping[str, str] | None = None,
    ) -> None:
        self._observed = observed
        self._octave = octave
        self._seconds = seconds
        self._names = names
        self._mender = Mender(observed, names)
        self._answers = Answers(observed)
        self.unseen = ""
        self.healed: list[str] = []
        self.both: tuple[Finding, Finding] | None = None

    def explain(
        self,
        failing: Sequence[FailingCase],
        agreeing: Sequence[FailingCase] = (),
        recorded: Recorded | None = None,
    ) -> Finding | None:
        """Name the place that is at fault in cases that disagree.

        Parameters
        ----------
        failing : sequence of FailingCase
            At least one; the first is looked at, the others say whether it explains them.
        agreeing : sequence of FailingCase
            The cases that agree; they must agree with a mend, too.
        recorded : (Execution, PortReply or Exception), optional
            What the port does in the first, or in the part of it that is to be looked at.
        """
        found = self._explained(failing, agreeing, recorded)
        is_raised = found is not None and found.fault in (Fault.NO_ERROR, Fault.OTHER_ERROR)
        is_sure = found is not None and (found.proved or found.is_mended or is_raised)
        return found if is_sure or not self.unseen else None

    def _explained(
        self,
        failing: Sequence[FailingCase],
        agreeing: Sequence[FailingCase],
        recorded: Recorded | None,
    ) -> Finding | None:
        patience = Patience(self._seconds)
        for_others = Patience(FOR_OTHERS * self._seconds)
        first = failing[0]
        port, reply = recorded or self._observed.run(first.case)
        matching = match(self._octave(first.case), port, names=self._names)
        sides = ("Octave", matching.octave.execution), ("the port", port)
        self.healed, self.both = [], None
        self.unseen = "; ".join(f"of {side} {one.cut}" for side, one in sides if one.ends_early)
        if matching.octave.execution.error:
            count = own_cases(failing)
            found = other_error(matching, count) if port.error else no_error(matching, count)
            return self._mender.of_error(matching, found, failing, agreeing)
        if isinstance(reply, PortReply) and not first.wrong:
            return self._mender.of_argument(matching, failing, agreeing) if reply.changed else None
        nothing = nothing_used(port) if port.error else _nothing_returned(port, reply)
        if nothing is not None:
            return self._answers.of_nothing(nothing, matching, failing, agreeing)
        search = self._search(first, matching, patience)
        others, kept = list[Tracked](), list[Tracked]()
        if not port.ends_early:  # where the part of one case begins says nothing of the others
            others = self._others(to_be_traced(failing[1:])[:MOST_CASES], patience, for_others)
            own = to_be_traced(agreeing)[:MOST_KEPT]
            made = self._made(first, FEWEST_KEPT - len(own), for_others)
            kept = self._others([*own, *made], patience, for_others)
        best: Choice | None = None
        matching.kept = [
            one.matching for _, one in kept if _are_of_the_same(one.matching, matching)
        ]
        for blamed in search.found():
            choice, healed = Choice(blamed, int(blamed.proved), True), [first.name]
            if blamed.proved:
                healed += [one.name for one, other in others if other.is_healed_by(blamed)]
                keeps = all(other.is_kept_by(blamed) for _, other in kept)
                choice = Choice(blamed, len(healed), keeps)
            if best is None or choice.weight > best.weight:
                best, self.healed = choice, healed
            if choice.weight == (True, 1 + len(others)) or patience.is_over:
                break
        if best is not None and best.blamed.proved and best.explained == 1 + len(others):
            self._look_at_one_more(best.blamed, failing, patience)
        chosen = best.blamed if best is not None else None
        proved = chosen if chosen is not None and chosen.proved else None
        is_borne_out = best is not None and best.explained >= SEVERAL
        small = None if proved is None or search.tells(proved) else proved
        by_chance = small is not None and not is_borne_out
        is_way_round = proved is not None and self._goes_round(port, proved, first)
        if proved is not None and matching.port.sites[proved.site].kind is not Kind.DECISION:
            is_way_round = is_way_round and not is_borne_out
        if is_way_round or (port.error and proved is None) or (by_chance and stops(port)):
            raised = self._answers.of_error(matching, failing, agreeing)
            if by_chance and not is_way_round:  # it heals by chance where a plain change mends all
                is_named = raised is not None and raised.mend is not None and raised.mend.is_sure
            else:
                is_named = raised is None or raised.is_mended
            if is_named:
                return raised
            is_no_way = lacks_a_value(port) and (best is None or best.explained <= len(others))
            if proved is None or is_no_way:
                return self._mender.elsewhere(matching, raised, best, failing, agreeing)
        finding = self._answers.of(matching, best, failing, agreeing, 1 + len(others))
        if finding is not None and chosen is not None and search.is_default(chosen):
            return finding
        is_first = proved is not None and search.is_first(proved)
        if is_first and finding is not None and finding.is_mended:
            return finding
        if best is not None and best.blamed.proved and not _is_put_right(finding):
            finding = self._upstream(search, matching, finding, best, failing, agreeing)
        likelier = idle(port)
        if small is not None:
            likelier |= left_out(self._observed, small, first.case, port)
        if likelier:
            heads = emptied(port, likelier)
            found = self._mender.among(likelier, heads, matching, failing, agreeing)
            if found is not None:
                return found
        if finding is not None and finding.is_mended:
            if is_roundabout(finding, matching, best):
                return self._mender.plainer(matching, finding, best, failing, agreeing)
            return finding
        finding = self._mender.elsewhere(matching, finding, best, failing, agreeing)
        is_itself = proved is not None and matching.is_first_wrong(proved.site)
        if finding is not None and not (finding.is_mended or port.error or is_itself):
            self.both = self._mender.both(matching, search, failing, agreeing)
        if finding is not None and proved is not None and not finding.is_mended:
            return self._turned_before(search, matching, proved, finding, first)
        return finding

    def _turned_before(
        self,
        search: Search,
        matching: Matching,
        proved: Blamed,
        finding: Finding,
        first: FailingCase,
    ) -> Finding:
        """Name a decision that, turned, makes a place right that comes after it, if there is one.

        What the port reads there Octave has not, so that it is not known to be right.
        """
        for blamed in search.turned_before(proved):
            steps = len(matching.port.execution.nodes)
            healed = with_values(self._observed, blamed, first.case, steps)
            if proved.site in healed.by_site:
                told = value_finding(matching, blamed)
                return replace(told, explained=finding.explained, failing=finding.failing)
        return finding

    def decision(self, doubted: FailingCase) -> tuple[Finding, bool] | None:
        """Name the decision with Octave's outcome of which a case agrees; no more is asked.

        Parameters
        ----------
        doubted : FailingCase
            With the outputs that are to agree then.

        Returns
        -------
        Finding, bool
            And whether it was taken on the same bits as in Octave.
        """
        patience = Patience(self._seconds)
        port, _ = self._observed.run(doubted.case, stops=True)
        if len(port.nodes) > MOST_NODES:
            return None
        matching = match(self._octave(doubted.case), port, names=self._names)
        found = self._search(doubted, matching, patience).decisions()
        decisions = list(itertools.islice(found, MOST_DECISIONS))
        on_the_same = (one for one in decisions if are_the_same_bits(matching, one))
        blamed = next(on_the_same, None)
        if blamed is not None:
            return value_finding(matching, blamed), True
        if not decisions:
            return None
        of_kind = jump_finding if decisions[0].jumped else value_finding
        return of_kind(matching, decisions[0]), False

    def _upstream(
        self,
        search: Search,
        matching: Matching,
        finding: Finding | None,
        best: Choice,
        failing: Sequence[FailingCase],
        agreeing: Sequence[FailingCase],
    ) -> Finding | None:
        """Go back over the steps that Octave has not: to one that has a mend, else to the first.

        A mend of the place itself is kept, unless that of a step before it adds nothing.
        """
        looked_at = 1 if finding is None else finding.failing
        patience = Patience(SECONDS_UPSTREAM)
        is_mended = finding is not None and finding.is_mended
        for blamed in search.upstream(best.blamed):
            choice = replace(best, blamed=blamed)
            seconds = patience.left / 2
            found = self._answers.of(matching, choice, failing, agreeing, looked_at, seconds)
            if found is not None and found.is_mended and (not is_mended or _is_put_right(found)):
                return found
            if not is_mended:
                finding = found or finding
        return finding

    def _search(self, failing: FailingCase, matching: Matching, patience: Patience) -> Search:
        port = matching.port.execution
        outputs = _wrong_nodes(port, failing.wrong)
        # A port that raised an error has not shown how long it would have gone on.
        sides = (port, matching.octave.execution) if port.error else (port,)
        steps = max(len(one.nodes) for one in sides)
        seconds = math.inf if port.error else failing.seconds  # an error ended it too early to tell
        replayer = Replayer(
            self._observed, failing.case, failing.agrees, steps, patience, seconds=seconds
        )
        return Search(matching, replayer, outputs, len(failing.case.args))

    def _look_at_one_more(
        self, blamed: Blamed, failing: Sequence[FailingCase], patience: Patience
    ) -> None:
        """Take all cases for healed where one more is, of those that were not looked at."""
        rest = to_be_traced(failing[1:])[MOST_CASES:]
        if rest:
            largest = max(rest, key=lambda one: size(one.case))
            tracked = self._others([largest], patience, patience)
            if any(search.is_healed_by(blamed) for _, search in tracked):
                self.healed = [one.name for one in failing]

    def _made(self, failing: FailingCase, count: int, patience: Patience) -> list[FailingCase]:
        """Choose a few cases that were made of the pair's own, and with which the port agrees."""
        if count <= 0 or failing.seconds > SLOW or not isinstance(failing, Varied):
            return []
        found: list[FailingCase] = []
        for one in failing.others():
            if len(found) == count or patience.is_over:
                break
            if isinstance(one, FailingCase) and one.raised is None:
                _, reply = self._observed.run(one.case, record=False)
                if isinstance(reply, PortReply) and one.agrees(reply.result):
                    found.append(one)
        return found

    def _others(
        self, failing: Sequence[FailingCase], patience: Patience, for_others: Patience
    ) -> list[Tracked]:
        """Trace further cases for as long as a part of the time allows."""
        found: list[Tracked] = []
        for one in failing:
            if for_others.is_over:
                break
            port, _ = self._observed.run(one.case)
            with contextlib.suppress(OctaveTraceError):  # a recording may be without its trace
                matching = match(self._octave(one.case), port, names=self._names)
                found.append((one, self._search(one, matching, patience)))
        return found

    def _goes_round(self, port: Execution, blamed: Blamed, failing: FailingCase) -> bool:
        """Whether a port agrees only because it does not come to the statement that raises.

        Where it raises its error on purpose, what decides on that may be wrong.
        """
        if not (stops(port) and blamed.proved) or blamed.jumped or blamed.shared:
            return False
        healed = with_values(self._observed, blamed, failing.case, len(port.nodes))
        return port.error_statement not in statements_of(healed)


def _are_of_the_same(one: Matching, other: Matching) -> bool:
    """Whether what Octave ran in two cases has the same sites: it may be given other functions."""
    sites = one.octave.recorded.source.sites, other.octave.recorded.source.sites
    return [site.text for site in sites[0]] == [site.text for site in sites[1]]


def _nothing_returned(port: Execution, reply: PortReply | Exception) -> Nothing | None:
    is_nothing = isinstance(reply, PortReply) and reply.result is None
    return nothing_returned(port) if is_nothing else None


def _is_put_right(finding: Finding | None) -> bool:
    """Whether a mend does more than add to the port, which may make up for an earlier mistake."""
    mend = None if finding is None or not finding.is_mended else finding.mend
    return mend is not None and len(mend.mended) <= len(mend.source)


def _wrong_nodes(port: Execution, wrong: Sequence[int]) -> list[int]:
    if port.error:
        return []
    if len(port.output_nodes) == 1:
        return list(port.output_nodes)
    return [port.output_nodes[i] for i in wrong if i < len(port.output_nodes)]
