"""What the comparison of a case, and of a pair, gave.

May import `leaves`, `verdict`, `model` and `project`.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from lockstep.compare.leaves import WHOLE
from lockstep.compare.verdict import LeafResult, Verdict, worst
from lockstep.model.values import Opaque
from lockstep.project.deviations import FILE


@dataclass(frozen=True)
class CaseResult:
    """What one case of one pair gave.

    Attributes
    ----------
    pair, case : str
        Names.
    verdict : Verdict
        The worst of its leaves, or that of `problem`.
    leaves : list of LeafResult
        Empty where a side raised an error.
    problem : str
        What is wrong other than a value: an error of one side, an argument changed in place.
    octave_seconds, python_seconds : float
        Time inside each side's function.
    dead : bool
        Whether a side died, or was ended, so that it is better not run again to explain it.
    endless : bool
        Whether the port was stopped because it did not end.
    accepted : str
        Why the case may be untestable, in its own words; empty where it does not say so.
    oracle : str
        Where Octave's values come from, if not from a live engine: ``recorded``.
    left_out : str
        Why a recording has no values to compare with; empty where it has.
    decided_at : str
        File, line and statement of the decision on which the case depends, where that was found.
    unmeasured : str
        What of the rounding was not measured, where the case disagrees; empty for nothing.
    raised : str or None
        What Octave's error says; None where it raises none.
    nargout : int or None
        For how many outputs Octave was asked, where the port tells; None for what the case says.
    not_asked : tuple of str
        Outputs for which it was not asked, for the port does not return them.
    """

    pair: str
    case: str
    verdict: Verdict
    leaves: list[LeafResult] = field(default_factory=list)
    problem: str = ""
    octave_seconds: float = 0.0
    python_seconds: float = 0.0
    dead: bool = False
    endless: bool = False
    accepted: str = ""
    oracle: str = ""
    left_out: str = ""
    decided_at: str = ""
    unmeasured: str = ""
    raised: str | None = None
    nargout: int | None = None
    not_asked: tuple[str, ...] = ()

    @property
    def may_be_explained(self) -> bool:
        """Whether it can be looked at once more: not what died, but what can be stopped."""
        return self.endless or not self.dead

    @property
    def agrees(self) -> bool:
        """Whether nothing is wrong: an untestable case says itself that it is one."""
        excused = bool(self.accepted or self.left_out)
        return self.verdict.agrees or (self.verdict is Verdict.UNTESTABLE and excused)

    @property
    def verdict_text(self) -> str:
        """The verdict, and what it does not speak of: ``identical; 1 handle not compared``."""
        left = Counter(_kind(leaf.leaf.octave) for leaf in self._uncompared)
        said = [f"{n} {kind}{'s' * (n > 1)} not compared" for kind, n in left.items()]
        if left_out := [*self.not_returned, *self.not_asked]:
            said.append(f"{', '.join(left_out)} not returned")
        if self.whole:
            said.append(f"{', '.join(self.whole)} {WHOLE}")
        if self.nargout == 1 and not self.not_asked:
            said.append("Octave gives 1 output alone")
        return "; ".join([str(self.verdict), *said, *filter(None, [self.oracle, self.unmeasured])])

    @property
    def excused(self) -> list[LeafResult]:
        """Leaves of which elements depend on a decision that rounding takes either way."""
        return [leaf for leaf in self.leaves if leaf.excused and not leaf.leaf.mismatch]

    @property
    def largest(self) -> LeafResult | None:
        """The leaf with the largest difference in ulps; None where there is none."""
        differing = [leaf for leaf in self.leaves if leaf.largest_ulps > 0]
        return max(differing, key=lambda leaf: leaf.largest_ulps, default=None)

    @property
    def not_compared(self) -> list[str]:
        """Names of leaves that cannot be compared (function handles, objects)."""
        return [leaf.name for leaf in self._uncompared]

    @property
    def _uncompared(self) -> list[LeafResult]:
        left = [leaf for leaf in self.leaves if not leaf.leaf.compared]
        return [leaf for leaf in left if leaf.leaf.is_returned]

    @property
    def whole(self) -> list[str]:
        """Names of leaves that agree and are int64 in place of doubles."""
        agreeing = [leaf for leaf in self.leaves if leaf.verdict.agrees]
        return [leaf.name for leaf in agreeing if leaf.class_note == WHOLE]

    @property
    def not_returned(self) -> list[str]:
        """Names of Octave's outputs that the port does not return."""
        return [leaf.name for leaf in self.leaves if not leaf.leaf.is_returned]

    @property
    def cut(self) -> list[LeafResult]:
        """Vectors that are compared only as far as both sides have them."""
        return [leaf for leaf in self.leaves if leaf.leaf.mismatch and leaf.distance is not None]


def without_end(pair: str, case: str) -> CaseResult:
    """Return a result for what explains a case in which the port does not end.

    For that it disagrees like any other: the engine that died with it is not the one that looks.
    """
    return CaseResult(pair, case, Verdict.DIFFERENT, endless=True)


def not_returned_in(results: Iterable[CaseResult]) -> frozenset[str] | None:
    """Name Octave's outputs that a port does not return; None where it returned in no case."""
    returned = [one for one in results if one.leaves]
    return frozenset(name for one in returned for name in one.not_returned) if returned else None


@dataclass(frozen=True)
class PairResult:
    """What all cases of one pair gave; `problem` says why there are none."""

    pair: str
    cases: list[CaseResult]
    problem: str = ""

    @property
    def verdict(self) -> Verdict:
        """The worst of the cases; `error` where nothing was compared.

        What a recording leaves out counts only where there is nothing else.
        """
        compared = [case for case in self.cases if not case.left_out] or self.cases
        return Verdict.ERROR if self.problem else worst([case.verdict for case in compared])

    @property
    def left_out(self) -> list[CaseResult]:
        """Cases that a recording has no values of."""
        return [case for case in self.cases if case.left_out]

    @property
    def agrees(self) -> bool:
        """Whether nothing is wrong in any case."""
        return not self.problem and all(case.agrees for case in self.cases)

    @property
    def octave_seconds(self) -> float:
        """Time inside Octave's function, all cases together."""
        return sum(case.octave_seconds for case in self.cases)

    @property
    def python_seconds(self) -> float:
        """Time inside the port, all cases together."""
        return sum(case.python_seconds for case in self.cases)

    def with_deviation(self, reason: str) -> "PairResult":
        """Return the result; an error if all cases were to deviate, for a reason, and none did.

        What a recording leaves out may deviate.
        """
        deviates = any(case.verdict is Verdict.DEVIATION for case in self.cases)
        if not reason or deviates or self.left_out:
            return self
        return replace(self, problem=f"{NO_DEVIATION}: {reason}")

    @property
    def largest(self) -> tuple[CaseResult, LeafResult] | None:
        """The case and leaf with the largest difference in ulps; None where there is none."""
        found = [(case, case.largest) for case in self.cases if case.largest is not None]
        return max(found, key=lambda item: item[1].largest_ulps, default=None)


def _kind(value: Any) -> str:
    return value.octave_class if isinstance(value, Opaque) else "handle"


NO_DEVIATION = f"the deviation that {FILE} declares no longer occurs, take it out"


def deviating(result: CaseResult, reason: str | None, every: str | None) -> CaseResult:
    """Count a result as a deviation where one is declared, and as an error where it is none.

    Parameters
    ----------
    result : CaseResult
        As it was found.
    reason, every : str or None
        Why this case, or every case of the pair, is to deviate.
    """
    if reason is None and every is None:
        return result
    if not result.agrees:
        problem = "\n".join(filter(None, [reason or every, result.problem]))
        return replace(result, verdict=Verdict.DEVIATION, problem=problem)
    if reason is None:
        return result
    return replace(result, verdict=Verdict.ERROR, problem=f"{NO_DEVIATION}: {reason}")
