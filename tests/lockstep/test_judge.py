"""What judges a replay: what was measured, and where nothing was, a little of the largest."""

import numpy as np
import pytest

from lockstep.compare.leaves import Leaf
from lockstep.compare.verdict import LeafResult, Verdict
from lockstep.explain.judge import OF_THE_LARGEST, judge, slack

OCTAVE = np.array([[0.3, 4e-14]])


def result(off, verdict):
    """Compare an output whose second element is off by so much; rounding explains 1e-16."""
    leaf = Leaf("y", OCTAVE, np.add(OCTAVE, [[0.0, off]]))
    return LeafResult("y", leaf, verdict, allowed=np.full(OCTAVE.shape, 1e-16))


@pytest.mark.parametrize(
    ("off", "verdict", "allowed"),
    [
        (1e-3, Verdict.DIFFERENT, OF_THE_LARGEST),
        (1e-14, Verdict.DIFFERENT, None),
        (1e-14, Verdict.ROUNDING, OF_THE_LARGEST),
    ],
    ids=["far off", "as near as any replay", "agreeing"],
)
def test_nothing_but_what_was_measured_counts_where_the_port_as_it_is_would_pass(
    off, verdict, allowed
):
    assert slack([result(off, verdict)]) == allowed


@pytest.mark.parametrize(("of_the_largest", "agrees"), [(OF_THE_LARGEST, True), (None, False)])
def test_a_result_is_judged_by_what_was_measured_and_by_the_largest(of_the_largest, agrees):
    measured = {"y": result(1e-3, Verdict.DIFFERENT)}
    judged = judge(lambda own: [("y", Leaf("y", OCTAVE, own))], measured, of_the_largest)
    assert judged(OCTAVE)
    assert judged(np.add(OCTAVE, [[0.0, 1e-14]])) is agrees
    assert judged(np.add(OCTAVE, [[0.0, 5e-17]]))
