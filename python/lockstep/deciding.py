"""The decision of the port on which a case depends: where it is, and whether rounding may turn it.

Where elements jump, or a length changes, with a decision that rounding takes either way, a case
agrees. But what is decided on the very bits that Octave has there is not rounding: ``>`` for
``>=``, or halves rounded to even. So both sides are traced: the decision is the place with Octave's
outcome of which the case agrees without an excuse. May import `both_sides` and all before it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from lockstep.both_sides import BothSides
from lockstep.compare.outputs import output_number
from lockstep.compare.verdict import LeafResult
from lockstep.explain.explainer import Explainer
from lockstep.explain.failing_case import FailingCase
from lockstep.explain.judge import judge
from lockstep.model.errors import SourceError
from lockstep.model.values import UnsupportedValueError
from lockstep.project.cases import Case
from lockstep.project.pairs import Pair, ProjectError
from lockstep.sides.octave import OctaveDiedError, OctaveError
from lockstep.sides.octave_execution import OctaveTraceError
from lockstep.sides.port import PortError
from lockstep.sides.port_execution import ObservedPort
from lockstep.sides.silence import quiet

NOT_TRACED = (
    ProjectError,
    SourceError,
    PortError,
    OctaveTraceError,
    OctaveError,
    OctaveDiedError,
    UnsupportedValueError,
)
"""Errors that say why a side cannot be traced."""


@dataclass(frozen=True)
class Decided:
    """A decision of the port that Octave has taken the other way.

    Attributes
    ----------
    place : str
        File, line and statement.
    on_same_bits : bool
        Whether what it was taken on is the same on both sides, bit by bit.
    """

    place: str
    on_same_bits: bool


def decided(
    both: BothSides, pair: Pair, case: Case, octave: list[Any], results: Sequence[LeafResult]
) -> Decided | None:
    """Look for the decision on which a case depends; None where it is not found.

    Parameters
    ----------
    both, pair, case : BothSides, Pair, Case
        What was run.
    octave : list of Any
        Octave's outputs.
    results : sequence of LeafResult
        What was found of the leaves: some are excused, or cut.
    """
    measured = {one.name: one for one in results}
    wrong = {output_number(pair, one.name) for one in results if one.excused or one.leaf.mismatch}

    def split(own: Any) -> list[Any]:
        return list(both.leaves(pair, case, None, octave, own))

    doubted = FailingCase("", case, judge(split, measured), tuple(sorted(wrong)))
    both.begin_explanation(case)
    try:
        with quiet(), ObservedPort(both.port, pair) as observed:  # the run that is judged warns
            names = both.names(pair)
            explainer = Explainer(observed, lambda one: both.oracle.trace(pair, one), names=names)
            found = explainer.decision(doubted)
    except NOT_TRACED:
        return None
    if found is None or found[0].port is None:
        return None
    place = found[0].port
    return Decided(f"{place.file.name}, line {place.line}: {place.statement}", found[1])
