"""Results of comparisons, made by hand."""

import numpy as np

from lockstep.compare.case_result import CaseResult
from lockstep.compare.distance import distance
from lockstep.compare.leaves import leaves
from lockstep.compare.verdict import LeafResult, Verdict

ALLOWED = 1e-14
"""What rounding explains of a difference."""


def leaf_result(name, octave, python, verdict):
    """Compare two values, the first as it comes from Octave, without asking for the floor."""
    (leaf,) = leaves(octave, python)
    if leaf.mismatch or not leaf.compared:
        return LeafResult(name, leaf, Verdict(verdict))
    measured = distance(leaf.octave, leaf.python)
    allowed = np.full(leaf.octave.shape, ALLOWED)
    return LeafResult(name, leaf, Verdict(verdict), measured, allowed)


def case_result(*results, case="one", problem=""):
    """Return the result of a case of the pair f."""
    verdict = max((r.verdict for r in results), key=list(Verdict).index, default=Verdict.ERROR)
    return CaseResult("f", case, verdict, list(results), problem, 0.0125, 2.5)


def row(*numbers):
    """Return a row as it comes from Octave."""
    return np.array([numbers])
