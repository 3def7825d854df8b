"""A plain slip anywhere in the port, found by trying: where no change of the named place mends it.

What is named by its values alone may be where a fault shows and not where it is: Octave may have
no value for what the port does in several steps. So the statements that ran are changed one slip
at a time, the commonest slips first, and every case is run. Of the changes that make all of them
agree, that one is taken with which the port's values inside are most like Octave's. May import
`branches`, `changes`, `checks`, `evidence`, `nodes_of_tree`, `grafts`, `lacking`, `made_whole`,
`mending`, `match`, `names`, `pieces`, `put_right`, `slip_trial`, `slips`, `statements`, `suspects`,
`tables`, `top`, `twins`, `ways_round`, `project`, `sides` and `model`.
"""

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import replace
from typing import Any

from lockstep.explain.branches import branches
from lockstep.explain.changes.change import Change
from lockstep.explain.checks import checks
from lockstep.explain.evidence import Evidence
from lockstep.explain.goes_on import going_on
from lockstep.explain.grafts import LEVEL as GRAFTED
from lockstep.explain.grafts import grafts
from lockstep.explain.lacking import lacking
from lockstep.explain.made_whole import made_whole
from lockstep.explain.match import Matching, match
from lockstep.explain.names import less_one_of
from lockstep.explain.nodes_of_tree import statement_around
from lockstep.explain.patience import Patience
from lockstep.explain.pieces import pieces
from lockstep.explain.put_right import Mended, strangeness
from lockstep.explain.slip_trial import Trial
from lockstep.explain.slips import (
    FAR_FETCHED,
    LEVELS,
    LOST,
    SUREST,
    USUAL,
    Rank,
    Slip,
    is_promoted,
    slips,
    slips_near,
)
from lockstep.explain.statements import Statements
from lockstep.explain.suspects import Blamed
from lockstep.explain.tables import tables
from lockstep.explain.together import at_each_call, at_each_copy, at_each_read
from lockstep.explain.top import statement_at_the_top
from lockstep.explain.trying import TriedCase
from lockstep.explain.twins import twins
from lockstep.explain.ways_round import does_nothing
from lockstep.model.execution import Execution
from lockstep.model.report import Finding
from lockstep.project.cases import Case
from lockstep.sides.mended import MendedPort, MendError
from lockstep.sides.port_execution import ObservedPort

GATHERING, PARTS = 3.0, 4
"""Time for making the changes of a kind: no more than one such part of the time that is left."""

MOST_POINTED_AT = 24
"""Ways to put in a statement that the values point at, tried before all others."""


def mended_anywhere(
    matching: Matching,
    observed: ObservedPort,
    failing: Sequence[TriedCase],
    agreeing: Sequence[TriedCase],
    names: Mapping[str, Sequence[str]],
    named: Blamed | None,
    steps: int,
    patience: Patience,
    in_vain: set[Hashable],
    levels: int = LEVELS,
    only: Set[int] | None = None,
    likely: Set[int] = frozenset(),
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
    in_vain : set of Hashable
        What is not tried, for not all of these cases agree with it; more is put in.
    levels : int
        How many levels of slips are tried, the commonest first.
    only : set of int, optional
        The statements that are looked at; all that ran if not given.
    likely : set of int
        The statements whose plain slips are tried before those of others.

    Returns
    -------
    Mended or None
        None where no slip makes every case agree.
    """
    observed.rest()
    less_one = less_one_of(matching)
    statements = Statements(matching.port.execution, names, twins(matching), only, less_one)
    tried = Trial(observed, failing, agreeing, steps, patience, in_vain)
    ranks = tried.ranks(statements)
    parents = {one.number: one.parent for one in matching.port.execution.source.statements}
    stopped = bool(matching.port.execution.error)  # what it would do further is not known
    before = 1.0 if stopped else strangeness(matching)
    at_fault = matching.port.sites[named.site].statement if named and named.proved else -1
    doubtful, unsure, refuted = list[Mended](), list[Mended](), list[Mended]()

    def rank(one: Mended) -> Rank:
        return ranks.get(one.slip.statement.number, USUAL)

    groups = _groups(matching, statements, named, levels, ranks, patience, likely)
    for number, (group, is_part) in enumerate(groups):
        if number == 0 and group and tried.is_right_afresh(group[0].evidence):
            return None
        for level in range(levels):
            healing = [one for one in group if one.level == level and tried.heals(one)]
            holding = [one for one in healing if tried.holds_for_others(one)]
            made = list(_recorded(holding, tried, matching))
            found = [
                one
                for one in made
                if one.is_borne_out or (one.strangeness <= before and not is_promoted(one.slip))
            ]
            doubtful += [one for one in found if one.undoes(matching)]
            found = [one for one in found if one not in doubtful]
            if all(one.mend.is_refuted for one in found):
                refuted += found  # one that is rarer may mend the other cases, too
            else:
                every = next(groups)[0] if is_part else group
                found += _sure(_likelier(found, every, parents), tried, matching)
                return _likeliest(_innermost(found, parents), tried, matching, named)
            if level < FAR_FETCHED and healing and tried.others_tell_nothing(healing[0].evidence):
                made += _recorded([one for one in healing if one not in holding], tried, matching)
                unsure += [
                    one
                    for one in made
                    if not is_promoted(one.slip)
                    and (rank(one) == SUREST or one.strangeness <= before)
                ]
            proved = [
                one
                for one in healing
                if one.statement.number == at_fault
                and one.change.key not in LOST
                and one not in holding
            ]
            unsure += _recorded(filter(tried.breaks_no_other, proved), tried, matching)

    def doubt(one: Mended) -> tuple[Rank, int, Any]:
        return rank(one), one.slip.level, _oddity(one, matching, named)

    if refuted:
        return _likeliest(refuted, tried, matching, named)
    sound = [one for one in unsure if not one.undoes(matching)]
    return min(sound or doubtful or unsure, key=doubt, default=None)


def _groups(
    matching: Matching,
    statements: Statements,
    named: Blamed | None,
    levels: int,
    ranks: Mapping[int, Rank],
    patience: Patience,
    likely: Set[int],
) -> Iterator[tuple[list[Slip], bool]]:
    """Make the changes, those that the others wait for first: of what raises Octave's error.

    With each group it is said whether it is but a part of the next.
    """

    def some() -> Patience:
        return Patience(min(GATHERING, patience.left / PARTS))

    of_errors = list(checks(matching, statements, some()))
    if of_errors:
        yield of_errors, False
    whole = list(made_whole(matching, statements))
    if whole:
        yield whole, False
    near = list(slips_near(matching, statements, named))
    if near:
        yield near, False
    lost = list(going_on(matching, statements, some()))
    if lost:
        yield lost, False
    possible = list(lacking(matching, statements, named, some()))
    pointed_at = [one for one in possible if one.level == 0][:MOST_POINTED_AT]
    if pointed_at:
        yield pointed_at, False
    plain = list(slips(matching, statements, named, some(), ranks))
    first = [one for one in plain if one.statement.number in likely and one.level < FAR_FETCHED]
    if first:
        yield [*first, *at_each_copy(first)], True
    found = [
        *possible,  # the fewest of their level, and so the first of it
        *plain,
        *branches(matching, statements, some()),
        *pieces(matching, statements, some()),
        *tables(matching, statements, some()),
        *(grafts(matching, statements, some()) if levels > GRAFTED else ()),
    ]
    found += [*at_each_call(found), *at_each_read(found)]
    yield sorted(found, key=lambda one: ranks.get(one.statement.number, USUAL)), False


def _recorded(healing: Iterable[Slip], tried: Trial, matching: Matching) -> Iterator[Mended]:
    """Look at what the port does with slips that heal."""
    for one in healing:
        made = tried.record(one)
        if made is not None:
            yield Mended(one, tried.mend(one), _matched(matching, made))


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
    if statement_at_the_top(change.old, evidence.tree) is not None:
        around = evidence.statement  # which reads it
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


def _likelier(
    found: Sequence[Mended], group: Sequence[Slip], parents: Mapping[int, int]
) -> list[Slip]:
    """List the plain slips of statements that are likelier wrong than those of some slips.

    They are under these statements, do nothing as they stand, or are conditions under which nothing
    would be left.
    """
    heads = {one.slip.statement.number for one in found}
    emptied = {one.slip.empties for one in found}
    return [
        one
        for one in group
        if one.level < FAR_FETCHED
        and not is_promoted(one)
        and (
            does_nothing(one.statement)
            or one.statement.number in emptied
            or not heads.isdisjoint(_around(one.statement.number, parents))
        )
    ]


def _sure(slips: Sequence[Slip], tried: Trial, matching: Matching) -> Iterator[Mended]:
    """Yield those of some slips that mend the port and every other case."""
    for one in _recorded([one for one in slips if tried.heals(one)], tried, matching):
        if one.is_borne_out and not one.undoes(matching):
            yield one


def _innermost(found: Sequence[Mended], parents: Mapping[int, int]) -> list[Mended]:
    """Leave out conditions where a statement under them is mended as well: they lead past it.

    Where nothing is left under a condition, it is the condition that is wrong.
    """
    mended = {one.slip.statement.number for one in found if one.slip.empties < 0}
    found = [one for one in found if one.slip.empties not in mended]
    heads = {head for one in found for head in _around(one.slip.statement.number, parents)}
    return [one for one in found if one.slip.statement.number not in heads] or found


def _around(number: int, parents: Mapping[int, int]) -> Iterator[int]:
    """Yield the statements that one is under."""
    while (number := parents[number]) >= 0:
        yield number


def _likeliest(
    found: Sequence[Mended], tried: Trial, matching: Matching, named: Blamed | None
) -> Mended:
    """Choose among slips that mend the port: that with which most cases of other sizes agree."""
    wider = {one.slip: tried.agreeing_wider(one.slip) for one in found if len(found) > 1}
    return min(found, key=lambda one: (-wider.get(one.slip, 0), *_oddity(one, matching, named)))


def _oddity(
    mended: Mended, matching: Matching, named: Blamed | None
) -> tuple[int, bool, bool, int, float, bool, int]:
    """Say how unlikely a slip is among others that mend the port."""
    change, evidence = mended.slip.change, mended.slip.evidence
    lacking = mended.mend.others - mended.mend.others_agreeing
    size = len("".join(mended.slip.mended.split())) - len("".join(evidence.text.split()))
    hides = named is not None and not mended.explains(matching, named.site)
    near, strange = mended.slip.nearness, round(mended.strangeness, 2)
    is_idle = does_nothing(mended.slip.statement)
    return lacking, hides, not is_idle, near, strange, change.is_guess, abs(size)


def _matched(matching: Matching, made: Execution) -> Matching:
    return match(matching.octave.recorded, made, names=matching.names)
