"""What mends a port where no change of the named place does, or none as plain.

May import `blame`, `candidates`, `checks`, `cones`, `everywhere`, `evidence`,
`failing_case`, `findings`, `forms`, `gathering`, `grafts`, `match`, `mending`, `names`,
`outcomes`, `patience`, `places`, `put_right`, `replay`, `slips`, `statements`, `suspects`,
`twins`, `why`, `sides` and `model`.
"""

from collections.abc import Hashable, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from itertools import product

from lockstep.explain.blame import Search
from lockstep.explain.candidates import Candidate, candidates
from lockstep.explain.checks import same_check
from lockstep.explain.cones import comes_from
from lockstep.explain.everywhere import mended_anywhere
from lockstep.explain.evidence import Evidence
from lockstep.explain.failing_case import FailingCase, own_cases
from lockstep.explain.findings import changed_argument, slip_finding, value_finding
from lockstep.explain.forms import are_whole
from lockstep.explain.gathering import evidence_of, most_steps
from lockstep.explain.grafts import REPLACING
from lockstep.explain.match import Matching, match
from lockstep.explain.mending import agreeing_with, merged, shown, unified_diff
from lockstep.explain.names import FEW, likely_names_of
from lockstep.explain.outcomes import Match
from lockstep.explain.patience import Patience
from lockstep.explain.places import place_of_statement
from lockstep.explain.put_right import Mended, strangeness
from lockstep.explain.replay import in_place, run_with
from lockstep.explain.slips import LEVELS
from lockstep.explain.statements import Statements
from lockstep.explain.suspects import Blamed
from lockstep.explain.twins import twins
from lockstep.explain.why import SHARING
from lockstep.model.execution import Kind, StatementKind
from lockstep.model.report import Fault, Finding, Mend
from lockstep.sides.port_execution import ObservedPort

SECONDS_ANYWHERE, SECONDS_WHERE_PROVED = 16.0, 5.0
"""Time for slips elsewhere, where the place is in doubt, and where it is proved."""

SECONDS_PLAINER, COMMON_LEVELS, TIMES_PLAINER = 3.0, 3, 3
"""Time for a plainer change than a roundabout one, the levels of slips that are looked at for it,
and how many times less it must change."""

COPY_LEVELS = 2
"""The levels of slips among which a copy is."""

SECONDS_UNDER = 8.0
"""Time for common slips in what the port leaves out when it agrees with another value."""

COMMONEST = 1
"""Level of the slips that need no reason to be likely."""

TRANSLATED = "translation"
"""Key of the reason where these words mend the port."""

ADDED = "missing-statement"
"""Key of the reason where a statement of Octave's does."""

MOST_OF_EACH = 4
"""Changes of each of two places that are tried together."""

CUT_SHORT = "the time for it was over before all changes were tried"
"""What is said where a mend may be there, and was not found."""


@dataclass(frozen=True)
class Choice:
    """A place that may be at fault.

    Attributes
    ----------
    blamed : Blamed
        The place.
    explained : int
        Cases that disagree and agree with Octave's values there.
    keeps : bool
        Whether cases that agree still do with Octave's values there.
    """

    blamed: Blamed
    explained: int
    keeps: bool

    @property
    def weight(self) -> tuple[bool, int]:
        """The more, the likelier."""
        return self.keeps, self.explained


class Mender:
    """Looks for slips in the port of one pair.

    Parameters
    ----------
    observed : ObservedPort
        The port, with probes.
    names : mapping or None
        The variable of the port that stands for one of Octave's, where that was declared.
    """

    def __init__(self, observed: ObservedPort, names: Mapping[str, str] | None) -> None:
        self._observed = observed
        self._names = names
        self._in_vain: dict[frozenset[int], tuple[Sequence[FailingCase], set[Hashable]]] = {}

    def plainer(
        self,
        matching: Matching,
        finding: Finding,
        best: Choice | None,
        failing: Sequence[FailingCase],
        agreeing: Sequence[FailingCase],
    ) -> Finding:
        """Look for a common slip that mends the port as well as what is roundabout."""
        if finding.mend is None:
            return finding
        at_first = None if finding.mend.is_refuted else best
        mended = self._slip(
            matching,
            at_first,
            failing,
            agreeing,
            Patience(SECONDS_PLAINER),
            COMMON_LEVELS,
            likely=_before(matching, best),
        )
        if mended is None or not mended.is_borne_out:
            return finding
        if mended.undoes(matching) or _turns_what_comes_from(matching, best, mended):
            return finding  # what it changes is as in Octave
        is_rare = mended.slip.change.is_guess and mended.slip.level > COMMONEST
        if _has_reason(finding, ADDED) and is_rare:
            return finding  # of all there are, one makes up by chance for what lacks
        is_same = _has_reason(finding, ADDED) and mended.overwrites  # at a likelier place
        times = 1 if is_same or _has_octaves_value(matching, best) else TIMES_PLAINER
        if not finding.mend.is_refuted and times * mended.mend.effort > finding.mend.effort:
            return finding
        return _told(matching, mended, failing)

    def _slip(
        self,
        matching: Matching,
        best: Choice | None,
        failing: Sequence[FailingCase],
        agreeing: Sequence[FailingCase],
        patience: Patience,
        levels: int = LEVELS,
        only: Set[int] | None = None,
        likely: Set[int] = frozenset(),
    ) -> Mended | None:
        names = likely_names_of(matching)
        steps = most_steps(matching.port.execution)
        named = None if best is None else best.blamed
        return mended_anywhere(
            matching, self._observed, failing, agreeing, names, named, steps, patience,
            self._tried_in_vain([*failing, *agreeing]), levels, only, likely,
        )  # fmt: skip

    def _tried_in_vain(self, cases: Sequence[FailingCase]) -> set[Hashable]:
        """Return the slips with which not all of some cases agree, whichever was looked at."""
        return self._in_vain.setdefault(frozenset(map(id, cases)), (cases, set()))[1]

    def among(
        self,
        statements: Set[int],
        conditions: Set[int],
        matching: Matching,
        failing: Sequence[FailingCase],
        agreeing: Sequence[FailingCase],
    ) -> Finding | None:
        """Look for a common slip in some statements with which all cases agree, others, too.

        Of some conditions it must be one of the whole condition.
        """
        patience, every = Patience(SECONDS_UNDER), statements | conditions
        mended = self._slip(matching, None, failing, agreeing, patience, COMMON_LEVELS, every)
        if mended is None or not mended.is_borne_out or mended.undoes(matching):
            return None
        if mended.slip.statement.number in conditions and not mended.turns:
            return None
        return _told(matching, mended, failing)

    def elsewhere(
        self,
        matching: Matching,
        finding: Finding | None,
        best: Choice | None,
        failing: Sequence[FailingCase],
        agreeing: Sequence[FailingCase],
    ) -> Finding | None:
        """Look for a slip elsewhere that mends the port where no change of the place does."""
        is_sure = finding is not None and finding.proved and best is not None and best.keeps
        is_sure = is_sure and not _is_output(matching, best)
        patience = Patience(SECONDS_WHERE_PROVED if is_sure else SECONDS_ANYWHERE)
        before = _before(matching, best)
        mended = self._slip(matching, best, failing, agreeing, patience, likely=before)
        if mended is None:
            return _cut_short(finding) if patience.is_over else finding
        if finding is not None and mended.slip.level == REPLACING:
            return replace(finding, mend=mended.mend)  # it says nothing of where the fault is
        if _turns_what_comes_from(matching, best, mended):
            return finding
        has_counterpart = best is not None and best.blamed.octave_site >= 0
        is_open = mended.overwrites or not mended.is_borne_out
        if is_open and finding is not None and finding.proved and best and has_counterpart:
            healed = self._strangeness_with(matching, best.blamed, failing[0])
            if not mended.explains(matching, best.blamed.site) and mended.strangeness > healed:
                return finding
        return _told(matching, mended, failing)

    def of_error(
        self,
        matching: Matching,
        finding: Finding | None,
        failing: Sequence[FailingCase],
        agreeing: Sequence[FailingCase],
    ) -> Finding | None:
        """Look for a change with which the port raises Octave's error."""
        if finding is None:
            return None
        patience = Patience(SECONDS_ANYWHERE)
        mended = self._slip(matching, None, failing, agreeing, patience)
        if mended is None:
            finding = self._with_check(matching, finding)
            return _cut_short(finding) if patience.is_over else finding
        told, count = slip_finding(matching, mended), own_cases(failing)
        place = finding.port if mended.is_within(finding.port) else told.port
        return replace(
            finding, port=place, reason=told.reason, mend=told.mend, explained=count, failing=count
        )

    def _with_check(self, matching: Matching, finding: Finding) -> Finding:
        """Name, where the port raises no error, its statement that says what Octave raises."""
        if finding.port is not None:
            return finding
        port = matching.port.execution
        statements = Statements(port, likely_names_of(matching), twins(matching))
        number = same_check(matching, statements)
        if number < 0:
            return finding
        return replace(finding, port=place_of_statement(port.source, number))

    def of_argument(
        self,
        matching: Matching,
        failing: Sequence[FailingCase],
        agreeing: Sequence[FailingCase],
    ) -> Finding | None:
        """Say where a port changes an argument, and look for the copy with which it does not."""
        finding = changed_argument(matching.port.execution, own_cases(failing))
        if finding is None:
            return None
        patience = Patience(SECONDS_WHERE_PROVED)
        mended = self._slip(matching, None, failing, agreeing, patience, COPY_LEVELS)
        if mended is None or mended.slip.change.key != SHARING:
            return finding
        told = slip_finding(matching, mended)
        return replace(finding, reason=told.reason, mend=told.mend)

    def both(
        self,
        matching: Matching,
        search: Search,
        failing: Sequence[FailingCase],
        agreeing: Sequence[FailingCase],
    ) -> tuple[Finding, Finding] | None:
        """Find two places that heal together, and a change of each with which all cases agree."""
        pair = search.paired()
        if pair is None or pair.also is None:
            return None
        if not (_is_telling(matching, pair) and _is_telling(matching, pair.also)):
            return None  # small numbers make an output agree by chance
        found = value_finding(matching, pair), value_finding(matching, pair.also)
        places = [evidence_of(matching, one, Fault.VALUE) for one in (pair, pair.also)]
        one, other = places
        if one is None or other is None or one.file != other.file:
            return found
        self._observed.rest()
        cases = [*failing, *agreeing]
        for first, second in product(*(_likely(candidates(place)) for place in (one, other))):
            text = merged(one.text, [first.mended, second.mended])
            if text and all(agreeing_with(self._observed, one.file, one.text, text, cases)):
                mends = [_mend(one, change, own_cases(cases)) for change in (first, second)]
                return replace(found[0], mend=mends[0]), replace(found[1], mend=mends[1])
        return found

    def _strangeness_with(self, matching: Matching, blamed: Blamed, failing: FailingCase) -> float:
        """Say how unlike Octave the port's values are with Octave's in the place of a site's."""
        changes = {blamed.site: in_place(blamed.values)}
        steps = len(matching.port.execution.nodes)
        port = run_with(self._observed, failing.case, changes, steps)
        return strangeness(match(matching.octave.recorded, port, names=self._names))


def _before(matching: Matching, best: Choice | None) -> set[int]:
    """Collect the statements that a place comes from.

    With Octave's values in the place all agrees: what is wrong is there, or before it. But a
    decision that is turned may lead past it.
    """
    if best is None or not (best.blamed.proved and best.keeps):
        return set()
    port, site = matching.port.execution, best.blamed.site
    kind = port.source.statements[port.source.sites[site].statement].kind
    decides = kind in (StatementKind.IF, StatementKind.WHILE)
    return set() if decides else comes_from(port, site)


def _is_output(matching: Matching, best: Choice | None) -> bool:
    """Whether a place gives an output itself: that all agrees with Octave's there says nothing."""
    port = matching.port.execution
    left, given = [node for node in port.output_nodes if node >= 0], set[int]()
    while left:
        node = left.pop()
        given.add(node)
        is_return = port.site(node).kind is Kind.RETURN
        left += (
            i for i in port.nodes[node].inputs if is_return or port.site(i).kind is Kind.RETURN
        )
    return best is not None and not given.isdisjoint(port.by_site.get(best.blamed.site, ()))


def _turns_what_comes_from(matching: Matching, best: Choice | None, mended: Mended) -> bool:
    """Whether a slip but turns a condition that goes Octave's way with Octave's value in a place.

    One small number may turn it by chance; in several cases it does not.
    """
    if best is None or not (best.blamed.proved and best.keeps):
        return False
    tells = best.explained > 1 or matching.port.streams[best.blamed.site].is_telling
    return tells and mended.turns_what_comes_from(matching, best.blamed.site)


def _told(matching: Matching, mended: Mended, failing: Sequence[FailingCase]) -> Finding:
    """Return what is said of a slip with which every case agrees."""
    count = own_cases(failing)
    return replace(slip_finding(matching, mended), explained=count, failing=count)


def _is_telling(matching: Matching, blamed: Blamed) -> bool:
    """Whether the port's values occur nowhere else by chance, and Octave's are no counts."""
    octave = matching.octave.streams.get(blamed.octave_site)
    tells = octave is None or octave.is_telling or not are_whole(octave.flat)
    return matching.port.streams[blamed.site].is_telling and tells


def _likely(found: Sequence[Candidate]) -> list[Candidate]:
    """Choose the changes that give Octave's value."""
    return [one for one in found if one.match <= Match.FIRST][:MOST_OF_EACH]


def _mend(evidence: Evidence, change: Candidate, cases: int) -> Mend:
    diff = unified_diff(evidence.text, change.mended, shown(evidence.file))
    return Mend(evidence.file, diff, cases, cases, evidence.text, change.mended)


def is_roundabout(finding: Finding, matching: Matching, best: Choice | None) -> bool:
    """Whether a mend may make up for a plainer mistake elsewhere.

    So may Octave's own words in the place of the port's, a change of several lines, one with which
    other cases disagree, and one of a place that has a value of Octave's as it is.
    """
    is_of_octave = _has_reason(finding, TRANSLATED) or _has_reason(finding, ADDED)
    if finding.mend is not None and finding.mend.is_refuted:
        return True
    return is_of_octave or _changes_lines(finding.mend) > 1 or _has_octaves_value(matching, best)


def _has_reason(finding: Finding, key: str) -> bool:
    return finding.reason is not None and finding.reason.key == key


def _changes_lines(mend: Mend | None) -> int:
    """Count the lines that a mend takes out or changes."""
    lines = [] if mend is None else mend.diff.splitlines()
    return sum(one.startswith("-") and not one.startswith("---") for one in lines)


def _has_octaves_value(matching: Matching, best: Choice | None) -> bool:
    """Whether a place gave the very numbers of a variable of Octave's, more than a few."""
    if best is None or best.blamed.shared or best.blamed.site not in matching.port.streams:
        return False  # what is shared is right until it is changed
    found = (matching.octave.sites[one] for one in matching.partners.get(best.blamed.site, ()))
    is_bound = any(one.kind is Kind.BINDING for one in found)
    return is_bound and matching.port.streams[best.blamed.site].flat.size >= FEW


def _cut_short(finding: Finding | None) -> Finding | None:
    """Say of a finding without a mend that time ran out before all changes were tried."""
    if finding is None:
        return None
    return replace(finding, note="; ".join(filter(None, [finding.note, CUT_SHORT])))
