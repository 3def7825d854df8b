"""Which statement of the port takes the decision on which an agreeing case hangs.

Where elements jump, or a length changes, with a decision that rounding takes either way, the case
agrees; but somebody may want to see where. It is the place with Octave's value at which the case
agrees without an excuse. May import `runner` and all before it.
"""

import warnings
from dataclasses import replace

import numpy as np

from lockstep.compare.case_result import CaseResult
from lockstep.compare.verdict import Verdict
from lockstep.explain.explainer import Explainer
from lockstep.explaining import NOT_TRACED, tried
from lockstep.project.cases import Case
from lockstep.project.pairs import Pair
from lockstep.runner import Runner
from lockstep.sides.port_execution import ObservedPort
from lockstep.sides.silence import silent_libraries


def decided_at(runner: Runner, pair: Pair, case: Case, result: CaseResult) -> str:
    """Name the file, line and statement of the decision; empty where it is not found.

    Parameters
    ----------
    runner, pair, case : Runner, Pair, Case
        What was run.
    result : CaseResult
        What it gave: it agrees, and hangs on a decision.
    """
    strict = [
        replace(leaf, verdict=Verdict.DIFFERENT) if leaf.excused or leaf.leaf.mismatch else leaf
        for leaf in result.leaves
    ]
    doubted = tried(runner, pair, case, replace(result, leaves=strict))
    runner.begin_explanation(case)
    try:
        with (
            silent_libraries(),
            warnings.catch_warnings(),
            np.errstate(all="ignore"),
            ObservedPort(runner.port, pair) as observed,
        ):
            warnings.simplefilter("ignore")  # the run that was judged has given them
            names = runner.names(pair)
            explainer = Explainer(observed, lambda one: runner.oracle.trace(pair, one), names=names)
            finding = explainer.located(doubted)
    except NOT_TRACED:
        return ""
    if finding is None or finding.port is None:
        return ""
    place = finding.port
    return f"{place.file.name}, line {place.line}: {place.statement}"
