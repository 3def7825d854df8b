"""From a pair whose cases disagree to a finding: both sides run, compared, traced, mended.

May import `runner` and all before it.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from lockstep.explain.explainer import Explainer, FailingCase
from lockstep.explain.judge import judge
from lockstep.model.report import Finding
from lockstep.project.cases import Case
from lockstep.project.pairs import Pair
from lockstep.runner import CaseResult, Runner
from lockstep.sides.octave_execution import OctaveTracer
from lockstep.sides.port_execution import ObservedPort


@dataclass(frozen=True)
class Explained:
    """What was found of a pair.

    Attributes
    ----------
    finding : Finding or None
        The place that is at fault; None where every case agrees, or none was found.
    failing, cases : int
        How many of how many cases disagree.
    """

    finding: Finding | None
    failing: int
    cases: int


def explained(runner: Runner, pair: Pair) -> Explained:
    """Compare all cases of a pair, and explain those that disagree.

    Raises
    ------
    ProjectError, SourceError, OctaveTraceError
        If a side has no source, or cannot be traced.
    """
    failing: list[FailingCase] = []
    agreeing: list[FailingCase] = []
    cases = runner.cases(pair).cases
    for name, case in cases.items():
        result = runner.run_case(pair, name, case)
        tried = FailingCase(name, case, _judge(runner, pair, case, result), _wrong(pair, result))
        (agreeing if result.verdict.agrees else failing).append(tried)
    if not failing:
        return Explained(None, 0, len(cases))
    tracer = OctaveTracer(runner.octave, runner.project.octave)
    with ObservedPort(runner.port, pair) as observed:
        explainer = Explainer(observed, lambda case: tracer.trace(pair, case))
        finding = explainer.explain(failing, agreeing)
    return Explained(finding, len(failing), len(cases))


def _judge(runner: Runner, pair: Pair, case: Case, result: CaseResult) -> Callable[[Any], bool]:
    allowed = {leaf.name: leaf.allowed for leaf in result.leaves if leaf.allowed is not None}
    octave = runner.octave_outcome(pair, case)
    if isinstance(octave, Exception):
        return lambda _: False
    return judge(lambda own: list(runner.leaves(pair, case, None, octave.outputs, own)), allowed)


def _wrong(pair: Pair, result: CaseResult) -> tuple[int, ...]:
    """Return the positions of the outputs that disagree."""
    names = pair.output_names
    wrong = {leaf.name for leaf in result.leaves if not leaf.verdict.agrees}
    return tuple(
        place
        for place, name in enumerate(names)
        if any(one == name or re.match(rf"{name}[.{{(]", one) for one in wrong)
    )
