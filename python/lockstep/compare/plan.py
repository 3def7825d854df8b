"""Which cases of a pair are run, and how their results make that of the pair.

Where and in which order the cases are run does not show in it. May import `case_result` and
`project`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lockstep.compare.case_result import CaseResult, PairResult
from lockstep.project.choosing import CaseChoice


@dataclass(frozen=True)
class PairPlan:
    """The cases of one pair that are to be run.

    Attributes
    ----------
    pair : str
        Its name.
    cases : mapping
        Of each case to run, in order, the labels that it is compared under: the pair's name, then
        ``PAIR [SIDE]`` for each other Python side.
    all_cases : int
        How many cases there are, those included that are not to be run.
    deviation : str
        Why all cases are to deviate; empty where that is not said.
    """

    pair: str
    cases: Mapping[str, tuple[str, ...]]
    all_cases: int
    deviation: str = ""

    def chosen(self, choice: CaseChoice) -> "PairPlan":
        """Return the plan with those cases only that are chosen."""
        cases = {name: own for name, own in self.cases.items() if choice.has(self.pair, name)}
        return PairPlan(self.pair, cases, self.all_cases, self.deviation)

    def result(self, found: Mapping[str, Sequence[CaseResult]]) -> list[PairResult]:
        """Put together what the cases gave.

        Parameters
        ----------
        found : mapping
            The results of each case that was run, one a label.

        Returns
        -------
        list of PairResult
            One for the port, then one for each other Python side, named ``PAIR [SIDE]``; none
            where no case is chosen.
        """
        if self.all_cases and not self.cases:
            return []
        labels = dict.fromkeys((self.pair, *(one for own in self.cases.values() for one in own)))
        results = {label: PairResult(label, []) for label in labels}
        for case in self.cases:
            for one in found.get(case, ()):
                results[one.pair].cases.append(one)
        if len(results[self.pair].cases) == self.all_cases:
            results[self.pair] = results[self.pair].with_deviation(self.deviation)
        return list(results.values())
