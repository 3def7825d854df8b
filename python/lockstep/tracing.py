"""One case of a pair, traced on both sides: what `lockstep trace` shows.

May import `explaining`, `long_runs` and all before it.
"""

import warnings
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from lockstep.compare.case_result import CaseResult, not_returned_in
from lockstep.deciding import NOT_TRACED
from lockstep.explain.explainer import Explainer
from lockstep.explain.forcing import Forced, wrong_in_themselves
from lockstep.explain.match import Matching, match
from lockstep.explain.tracing import Row, rows
from lockstep.explaining import (
    can_be_run_again,
    can_be_traced,
    not_found,
    suggested,
)
from lockstep.long_runs import beginning, looked_at
from lockstep.model.execution import Execution
from lockstep.model.report import Finding
from lockstep.project.cases import Case, with_nargout
from lockstep.project.pairs import Pair, ProjectError
from lockstep.runner import Runner
from lockstep.sides.port_execution import ObservedPort
from lockstep.tried_cases import tried


@dataclass(frozen=True)
class Traced:
    """A case, step by step.

    Attributes
    ----------
    result : CaseResult
        What the outputs say: they alone say whether the case is wrong.
    rows : list of Row
        What was done on both sides, in order.
    matching : Matching
        Both sides, and what stands for what.
    finding : Finding or None
        The place that is at fault; None where the outputs agree, or where none was found.
    forced : Forced or None
        The places that are wrong in themselves, where they were asked for.
    note : str
        What there is to say beside them; empty for nothing.
    """

    result: CaseResult
    rows: list[Row]
    matching: Matching
    finding: Finding | None = None
    forced: Forced | None = None
    note: str = ""

    @property
    def octave(self) -> Execution:
        """What Octave did."""
        return self.matching.octave.execution

    @property
    def port(self) -> Execution:
        """What the port did."""
        return self.matching.port.execution


def traced(
    runner: Runner,
    pair: Pair,
    cases: Mapping[str, Case],
    name: str,
    depth: int,
    forced: bool,
    found: Finding | None = None,
    result: CaseResult | None = None,
) -> Traced:
    """Trace a case.

    Parameters
    ----------
    runner, pair : Runner, Pair
        Both sides.
    cases, name : mapping, str
        The cases, and the one to trace.
    depth : int
        Levels of calls to look into.
    forced : bool
        Whether to look for every place that is wrong in itself.
    found : Finding, optional
        What is at fault, where that is known: it is not looked for again.
    result : CaseResult, optional
        What the case gave, where it was run before: it is not run again.

    Raises
    ------
    ProjectError
        If a side cannot be traced; the message says why.
    """
    case = cases[name]
    result = result or runner.run_case(pair, name, case)
    runner.lacking = not_returned_in([result])
    if result.nargout is not None:
        case = with_nargout(case, result.nargout)
        cases = {**cases, name: case}
    runner.begin_explanation(case)
    quiet = warnings.catch_warnings()
    try:
        with quiet, np.errstate(all="ignore"), ObservedPort(runner.port, pair) as observed:
            warnings.simplefilter("ignore")
            return _traced(runner, pair, observed, cases, result, depth, forced, found)
    except NOT_TRACED as error:
        raise ProjectError(f"not traced: {error}") from error


def _traced(
    runner: Runner,
    pair: Pair,
    observed: ObservedPort,
    cases: Mapping[str, Case],
    result: CaseResult,
    depth: int,
    forced: bool,
    finding: Finding | None,
) -> Traced:
    names, name = runner.names(pair), result.case
    case = cases[name]
    look = looked_at if can_be_run_again(result) else beginning
    seen = look(runner, pair, observed, case)
    matching = match(seen.octave, seen.port, names=names)
    found = rows(matching, observed, case, depth)
    if not (seen.octave.nodes and seen.port.nodes):
        side = "Octave" if not seen.octave.nodes else "the port"
        raise ProjectError(f"nothing that {side} did was recorded")
    told = Traced(result, found, matching, finding, note=seen.note)
    if finding is not None or not can_be_run_again(result):
        return told
    with observed.plain():
        suggestion = suggested(runner, pair, cases, [name])
    told = replace(told, note=suggestion.text or seen.note)
    if suggestion.explains or not can_be_traced(result):
        return told
    runner.begin_explanation(cases[name])
    failing = tried(runner, pair, cases[name], result)
    wrong = None
    if forced:
        wrong = wrong_in_themselves(matching, observed, cases[name], failing.agrees, depth)
    explainer = Explainer(observed, lambda _: seen.octave, seen.for_replays, names)
    finding = explainer.explain([failing], recorded=(seen.port, seen.reply))
    if finding is None and explainer.unseen and not told.note:
        told = replace(told, note=not_found(explainer.unseen))
    return replace(told, finding=finding, forced=wrong)
