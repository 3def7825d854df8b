"""From the cases of a pair that disagree to what is said of them: where, why, and what mends it.

May import `long_runs` and all before it.
"""

import contextlib
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import numpy as np

from lockstep.compare.case_result import CaseResult, not_returned_in
from lockstep.compare.leaves import Leaf
from lockstep.compare.verdict import Verdict
from lockstep.deciding import NOT_TRACED
from lockstep.explain.declaring import (
    Suggestion,
    declared,
    gives_lists,
    lines,
    may_be_mistake,
    proposals,
)
from lockstep.explain.explainer import Explainer
from lockstep.explain.failing_case import FailingCase
from lockstep.explain.further import Faults, faults
from lockstep.explain.patience import Patience
from lockstep.explain.thinned import thinned
from lockstep.explain.varied import size
from lockstep.long_runs import beginning, looked_at
from lockstep.model.errors import EndlessError, RunawayError
from lockstep.model.execution import Execution
from lockstep.model.report import Finding, Mend
from lockstep.project.cases import Case, with_nargout
from lockstep.project.conventions import Conventions
from lockstep.project.pairs import Pair
from lockstep.runner import Runner
from lockstep.sides.adapter import parameter_names
from lockstep.sides.alarm import within
from lockstep.sides.port import PortError, PortReply
from lockstep.sides.port_execution import ObservedPort
from lockstep.sides.silence import quiet
from lockstep.sides.sparse_indices import checked_indices
from lockstep.tried_cases import (
    SMALLER,
    Failing,
    is_large,
    is_long,
    others_like,
    tried,
    wider_than,
    wrong_outputs,
)

LOOKED_AT_SMALLER = "a smaller case that was made of it, and fails as well, was looked at"

SECONDS_FOR_SMALLER = 8.0
"""Time for looking for one."""

SECONDS_FOR_A_CALL, TIMES_AS_LONG = 2.0, 10
"""How much longer than the port as it is a call by another convention may take, and how many times
as long: with other arguments a port may run on and on."""

ENDLESS_TIMES, ENDLESS_MORE = 10, 5_000
"""How many values a port that has no end gives, at most, before it is stopped: so many times as
many as Octave, and some more."""

LATE = "the port does end, but after more than its time"
"""What is said where a port that was stopped ends when it is run again."""

NOT_FOUND = "no place was found: every value that was compared agrees"


@dataclass(frozen=True)
class Explained:
    """What was found of a pair.

    Attributes
    ----------
    finding : Finding or None
        The place that is at fault; None where every case agrees, or none was found.
    failing, cases : int
        How many of how many cases disagree.
    note : str
        What there is to say beside a finding, or without one; empty for nothing.
    case : str
        Name of the case that was looked at; empty where none was.
    part : str
        What was looked at of it, where that is not all of it; empty where it is.
    further : tuple of Finding
        Other places that are at fault, too.
    together : Mend or None
        The changes of all these places, where every case agrees with them.
    """

    finding: Finding | None
    failing: int
    cases: int
    note: str = ""
    case: str = ""
    part: str = ""
    further: tuple[Finding, ...] = ()
    together: Mend | None = None

    @property
    def mend(self) -> Mend | None:
        """What mends most: the changes of all places, or that of the first."""
        if self.together is not None or self.finding is None:
            return self.together
        return self.finding.mend


def explained(runner: Runner, pair: Pair) -> Explained:
    """Compare all cases of a pair, and explain those that disagree.

    Raises
    ------
    ProjectError, CasesError
        If there are no cases, or they cannot be used.
    """
    cases = runner.cases(pair).cases
    results = [runner.run_case(pair, name, case) for name, case in cases.items()]
    return explain(runner, pair, cases, results)


def explain(
    runner: Runner, pair: Pair, cases: Mapping[str, Case], results: Sequence[CaseResult]
) -> Explained:
    """Explain the cases of a pair that disagree.

    Parameters
    ----------
    runner, pair : Runner, Pair
        Both sides.
    cases : mapping
        The cases by name.
    results : sequence of CaseResult
        What they gave; the smallest that disagrees is looked at, the others say whether what is
        found explains them.
    """
    with quiet(), checked_indices():
        return _explain(runner, pair, cases, results)


def _explain(
    runner: Runner, pair: Pair, cases: Mapping[str, Case], results: Sequence[CaseResult]
) -> Explained:
    cases = {**cases, **_asked_for(cases, results)}
    runner.lacking = not_returned_in(results)
    failing = [one for one in results if not one.agrees]
    nothing = Explained(None, len(failing), len(results))
    judged = [one for one in failing if can_be_run_again(one)]
    if not judged:
        return nothing
    judged.sort(key=lambda one: _unfitness(runner, pair, cases[one.case], one))
    name, smaller = judged[0].case, _smaller(runner, pair, cases[judged[0].case], judged[0])
    if smaller is not None:
        cases = {**cases, SMALLER: smaller[0]}
        judged.insert(0, smaller[1])
    agreeing = [one for one in results if one.agrees and one.verdict is not Verdict.DEVIATION]
    suggestion = Suggestion("")  # none is tried where the port has no end
    if not any(one.endless for one in judged):
        suggestion = suggested(runner, pair, cases, [one.case for one in (*judged, *agreeing)])
    told = Explained(None, len(failing), len(results), suggestion.text)
    traced = [one for one in judged if can_be_traced(one)]
    if (suggestion.explains and not agreeing) or not traced:
        return told
    name = name if traced[0].case == SMALLER else traced[0].case
    runner.begin_explanation(cases[traced[0].case])
    try:
        failing_cases = [tried(runner, pair, cases[one.case], one) for one in traced]
        usable = [
            cases[one.case]
            for one in (*traced, *agreeing)
            if (not cases[one.case].raises or one is traced[0])
            and not is_large(cases[one.case], one)
            and not is_long(one)
        ]
        raises = traced[0].raised is not None
        failing_cases[0] = Failing(
            **vars(failing_cases[0]),
            others=cache(lambda: others_like(runner, pair, usable, raises)),
            wider=lambda: wider_than(runner, pair, usable),
        )
        agreeing_cases = [tried(runner, pair, cases[one.case], one) for one in agreeing]
        found, part, unseen = _faults(runner, pair, failing_cases, agreeing_cases)
    except NOT_TRACED as error:
        said = any(str(error) in one.problem for one in traced)
        note = suggestion.text or ("" if said else f"not traced: {error}")
        return replace(told, note=note)
    finding, *further = found.findings or (None,)
    if suggestion.explains and (finding is None or not finding.is_mended):
        return told  # the convention says more than a place that may be right by it
    note = suggestion.text or (not_found(unseen) if finding is None else "")
    if finding is not None and finding.is_mended and suggestion.is_doubtful:
        note = ""  # what looks like another order, sign or class is a mistake that has a mend
    if smaller is not None and traced[0].case == SMALLER:
        note = "; ".join(filter(None, [LOOKED_AT_SMALLER, note]))
    others = tuple(one for one in further if one is not None)
    told = replace(told, finding=finding, note=note, case=found.case or name, part=part)
    return replace(told, further=others, together=found.together)


def _asked_for(cases: Mapping[str, Case], results: Sequence[CaseResult]) -> Mapping[str, Case]:
    """Return the cases for which Octave was asked for as many outputs as the port returns."""
    return {
        one.case: with_nargout(cases[one.case], one.nargout)
        for one in results
        if one.nargout is not None
    }


def _smaller(
    runner: Runner, pair: Pair, case: Case, result: CaseResult
) -> tuple[Case, CaseResult] | None:
    """Make a smaller case of a large one, which disagrees in an output that does so there, too."""
    if result.endless or not is_large(case, result):
        return None
    places = {
        length: place
        for leaf in result.leaves
        for length, place in zip(leaf.shape, leaf.worst_index or (), strict=False)
    }
    patience, wrong = Patience(SECONDS_FOR_SMALLER), set(wrong_outputs(pair, result))
    for one in thinned(case, places):
        if patience.is_over:
            break
        made = runner.oracle.adopted(pair, {SMALLER: one})[SMALLER]
        found = runner.run_case(pair, SMALLER, made)
        if can_be_run_again(found) and wrong & set(wrong_outputs(pair, found)):
            return made, found
    return None


def _unfitness(
    runner: Runner, pair: Pair, case: Case, result: CaseResult
) -> tuple[bool, bool, bool, bool, int]:
    """Say how unfit a case is to be looked at: without a trace or an end, then long, then large.

    One for which Octave has no values, but an error, tells less than those for which it has.
    """
    untraced, has_raised = not runner.oracle.is_traced(pair, case), result.raised is not None
    return untraced, result.endless, is_long(result), has_raised, size(case)


def can_be_run_again(result: CaseResult) -> bool:
    """Whether both sides gave what can be compared, and it disagrees."""
    return result.verdict is Verdict.DIFFERENT and not result.dead


def can_be_traced(result: CaseResult) -> bool:
    """Whether there is a place to be found: not where the class is all that differs."""
    wrong = [leaf for leaf in result.leaves if not leaf.verdict.agrees]
    by_class = bool(wrong) and all(leaf.convention == "class" for leaf in wrong)
    return can_be_run_again(result) and not by_class


def _faults(
    runner: Runner, pair: Pair, failing: Sequence[FailingCase], agreeing: Sequence[FailingCase]
) -> tuple[Faults, str, str]:
    """Return what is at fault, what was looked at of a long case, and what was not."""
    first = failing[0].case
    with ObservedPort(runner.port, pair) as observed:
        endless = [one.case for one in failing if one.is_endless]
        if endless:
            longest = max(len(runner.oracle.trace(pair, case).nodes) for case in endless)
            observed.stop_after(ENDLESS_TIMES * longest + ENDLESS_MORE)
        look = beginning if failing[0].is_endless else looked_at
        seen = look(runner, pair, observed, first)
        if failing[0].is_endless and isinstance(seen.reply, PortReply):
            return Faults(), "", LATE

        def octave(case: Case) -> Execution:
            return seen.octave if case is first else runner.oracle.trace(pair, case)

        explainer = Explainer(observed, octave, seen.for_replays, runner.names(pair))
        found = faults(explainer, observed, failing, agreeing, (seen.port, seen.reply))
        return found, seen.note, explainer.unseen


def not_found(unseen: str) -> str:
    """Say that no place was found, and what was not looked at."""
    return f"no place was found in what was looked at: {unseen}" if unseen else NOT_FOUND


def suggested(
    runner: Runner, pair: Pair, cases: Mapping[str, Case], names: Sequence[str]
) -> Suggestion:
    """Say by which convention, if it were declared, cases would agree; empty where by none.

    Parameters
    ----------
    runner, pair : Runner, Pair
        Both sides.
    cases : mapping
        The cases by name.
    names : sequence of str
        Names of those that must agree; the first disagrees.
    """
    case = cases[names[0]]
    octave = runner.octave_outcome(pair, case)
    if isinstance(octave, Exception) or pair.is_script:
        return Suggestion("")
    own = runner.port.adapter(pair).conventions
    limit = case.timeout or runner.timeout

    def call(conventions: Conventions) -> Any:
        try:
            with within(limit), runner.port.assuming(pair, conventions):
                return runner.port.call(pair, case).result
        except RunawayError as error:
            raise EndlessError(str(error)) from None

    try:
        parameters = parameter_names(runner.port.function(pair.name))
    except PortError:
        return Suggestion("")

    def compared(conventions: Conventions) -> list[tuple[str, Leaf]]:
        result = call(conventions)
        with runner.port.assuming(pair, conventions):
            return list(runner.leaves(pair, case, None, octave.outputs, result))

    def changes_nothing(conventions: Conventions) -> bool:
        try:
            return as_it_is is not None and _are_alike(compared(conventions), as_it_is)
        except Exception:  # what cannot be compared is for the judge
            return False

    as_it_is, begin = None, time.monotonic()
    with contextlib.suppress(Exception):
        as_it_is = compared(own)
    limit = SECONDS_FOR_A_CALL + TIMES_AS_LONG * (time.monotonic() - begin)

    for change in proposals(pair, case, parameters, octave.outputs, call, own):
        if not change or changes_nothing(declared(change, own)):
            continue  # it disagrees as it does now
        with runner.port.assuming(pair, declared(change, own)):
            if all(runner.run_case(pair, name, cases[name]).agrees for name in names):
                file = runner.project.cases_file(pair)
                return Suggestion(
                    f"agrees by another convention: if it is meant, add `{lines(change)}` "
                    f"to {file.parent.name}/{file.name}",
                    not may_be_mistake(change),
                    "free" in change or gives_lists(change),
                )
    return Suggestion("")


def _are_alike(one: Sequence[tuple[str, Leaf]], other: Sequence[tuple[str, Leaf]]) -> bool:
    """Whether the same is compared with the same."""
    return len(one) == len(other) and all(
        name == name_then and _is_alike(leaf, then)
        for (name, leaf), (name_then, then) in zip(one, other, strict=True)
    )


def _is_alike(leaf: Leaf, then: Leaf) -> bool:
    words = "mismatch", "class_note", "compared"
    if any(getattr(leaf, word) != getattr(then, word) for word in words):
        return False
    sides = (leaf.octave, then.octave), (leaf.python, then.python)
    return all(
        isinstance(a, np.ndarray)
        and isinstance(b, np.ndarray)
        and a.dtype == b.dtype
        and a.shape == b.shape
        and a.tobytes() == b.tobytes()
        for a, b in sides
    )
