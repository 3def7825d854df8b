"""The search: inputs are drawn in batches, tried, judged, and a failing one is made small.

Hypothesis draws a batch before any of it is tried, for Octave answers many calls in one exchange.
It makes failing examples small one call at a time, which would take minutes; here all inputs that
are a step smaller are tried in one exchange, too. May import `trying`, `strategies`, `smaller`,
`profiles` and `findings`.
"""

import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

import hypothesis
from hypothesis import HealthCheck, Phase, Verbosity

from lockstep.compare.case_result import CaseResult
from lockstep.compare.verdict import Verdict
from lockstep.fuzz.findings import Doing
from lockstep.fuzz.profiles import profiles
from lockstep.fuzz.smaller import cost, smaller
from lockstep.fuzz.strategies import Input, inputs
from lockstep.fuzz.trying import LARGE, Key, Outcome, Suspect, Trial
from lockstep.project.cases import Case
from lockstep.project.pairs import Pair
from lockstep.runner import Runner
from lockstep.sides.octave_batch import AT_ONCE

EXAMPLES = 30
"""Examples of a batch; each holds several inputs."""

MOST_STEPS = 40
"""How often a failing input is made smaller."""

FAR = 1e-3
"""A relative difference that is taken for one that is no rounding while an input is made small."""

VERIFIED = 3
"""Of the small inputs the last so many are judged, until one is found to differ."""

JUDGED = 3
"""Suspects of one kind that are judged in a batch, until one is found to differ."""


@dataclass(frozen=True)
class Found:
    """An input on which the two sides disagree.

    Attributes
    ----------
    key : Key
        In which way.
    case : Case
        The input, as small as it was made.
    like : str
        The case after which it was made.
    result : CaseResult
        What the comparison gave.
    """

    key: Key
    case: Case
    like: str
    result: CaseResult


class Search:
    """Searches the inputs of one pair.

    Parameters
    ----------
    runner, pair : Runner, Pair
        Both sides.
    cases : mapping
        Those after which inputs are made.
    limit : float
        Seconds that each side may take for one input.

    Attributes
    ----------
    counts : Counter
        "calls": inputs that were tried; "same": on which both sides gave the same bits; "raised":
        on which both raised an error; "small": that differed by so little that the largest of
        these in the batch was judged for all.
    seconds : float
        How long batches took, without what was found in them.
    """

    def __init__(self, runner: Runner, pair: Pair, cases: Mapping[str, Case], limit: float) -> None:
        self.trial = Trial(runner, pair, limit)
        self._cases = cases
        self._profiles = profiles(cases)
        self._found: set[Key] = set()
        self._ahead: dict[int, list[list[Input]]] = {}
        self.counts: Counter[str] = Counter()
        self.seconds = 0.0

    @property
    def is_possible(self) -> bool:
        """Whether there are cases to make inputs after."""
        return bool(self._profiles)

    def batch(self, seed: int) -> list[list[Input]]:
        """Return the inputs of a batch, example by example."""
        drawn: list[list[Input]] = []

        @hypothesis.seed(seed)
        @hypothesis.settings(
            max_examples=EXAMPLES,
            database=None,
            deadline=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
            verbosity=Verbosity.quiet,
            print_blob=False,
            report_multiple_bugs=False,
        )
        @hypothesis.given(inputs(self._profiles))
        def draw(example: list[Input]) -> None:
            drawn.append(example)

        draw()
        return drawn

    def case(self, one: Input) -> Case:
        """Return the case of an input."""
        like = self._cases[one.like]
        return Case(
            *one.args,
            nargout=like.nargout,
            ignore=like.ignore,
            seed=like.seed,
            timeout=self.trial.limit,
            allow=like.allow,
        )

    def tried(self, seed: int) -> Iterator[Found | Doing]:
        """Try a batch; yield what is found that was not found before, and what takes a while."""
        start = time.monotonic()
        examples = self._ahead.pop(seed, None) or self.batch(seed)
        flat = [one for example in examples for one in example]
        cases = [self.case(one) for one in flat]
        outcomes = self.trial.outcomes(cases, lambda: self._draw_ahead(seed + 1))
        suspects = self.trial.suspects(cases, outcomes)
        self._count(outcomes, suspects)
        self.seconds += time.monotonic() - start
        for suspect in self._worth_judging(suspects, cases, outcomes):
            one = flat[suspect.number]
            yield Doing(f"{suspect.key.kind}: {suspect.key.what}; making the input small")
            found = self._small(one, suspect) or Found(
                suspect.key,
                cases[suspect.number],
                one.like,
                self._judged(cases[suspect.number], outcomes[suspect.number]),
            )
            if not self._is_known(found.key):
                self._found.add(found.key)
                yield found

    def _is_known(self, key: Key) -> bool:
        return any(one.includes(key) for one in self._found)

    def _draw_ahead(self, seed: int) -> None:
        self._ahead = {seed: self.batch(seed)}

    def expect(self, cases: Sequence[Case]) -> None:
        """Pass over what is found in cases that are meant to deviate, wherever it is found."""
        if cases:
            outcomes = self.trial.outcomes(cases)
            self._found |= {one.key for one in self.trial.suspects(cases, outcomes)}

    def again(self, case: Case, like: str) -> Found | None:
        """Try an input of an earlier search; return what is found, or None where it agrees."""
        outcomes = self.trial.outcomes([case])
        suspects = self.trial.suspects([case], outcomes)
        self._count(outcomes, suspects)
        if not suspects or self._is_known(suspects[0].key):
            return None
        result = self._judged(case, outcomes[0])
        if not _disagrees(result):
            return None
        self._found.add(suspects[0].key)
        return Found(suspects[0].key, case, like, result)

    def _count(
        self, outcomes: Sequence[tuple[Outcome, Outcome]], suspects: Sequence[Suspect]
    ) -> None:
        raised = sum(all(isinstance(one, Exception) for one in both) for both in outcomes)
        self.counts["calls"] += len(outcomes)
        self.counts["raised"] += raised
        self.counts["same"] += len(outcomes) - raised - len(suspects)
        self.counts["small"] += sum(one.weight <= LARGE for one in suspects)

    def _worth_judging(
        self,
        suspects: Sequence[Suspect],
        cases: Sequence[Case],
        outcomes: Sequence[tuple[Outcome, Outcome]],
    ) -> Iterator[Suspect]:
        """Yield one suspect of each new kind that is judged to differ.

        The least odd come first, and last those that one side alone refuses.
        """
        kinds: dict[Key, list[Suspect]] = {}
        for one in suspects:
            kinds.setdefault(one.key, []).append(one)
        for key, alike in sorted(kinds.items(), key=lambda kind: _oddness(kind[0])):
            if self._is_known(key):
                continue
            alike.sort(key=lambda one: (-min(one.weight, FAR), cost(cases[one.number].args)))
            large = [one for one in alike if one.weight > LARGE][:JUDGED]
            for one in large or alike[:1]:
                if _disagrees(self._judged(cases[one.number], outcomes[one.number])):
                    yield one
                    break

    def _judged(self, case: Case, outcome: tuple[Outcome, Outcome]) -> CaseResult:
        return self.trial.judged("fuzz", case, *outcome)

    def _small(self, one: Input, suspect: Suspect) -> Found | None:
        """Make an input that fails small; None where that was not seen to fail again."""
        steps = [(suspect.key, one)]
        while len(steps) <= MOST_STEPS and (step := self._step(*steps[-1], suspect.weight)):
            steps.append(step)
        for key, small in steps[: -VERIFIED - 1 : -1]:
            case = self.case(small)
            result = self._judged(case, self.trial.outcomes([case])[0])
            if _disagrees(result):
                return Found(key, case, small.like, result)
        return None

    def _step(self, key: Key, one: Input, weight: float) -> tuple[Key, Input] | None:
        """Find a smaller input that fails in the same way, the smallest of those tried at once."""
        profile = next(known for known in self._profiles if one.like in known.cases)
        rest = smaller(one.args, profile, list(profile.cases).index(one.like))
        while tried := [Input(args, one.like) for args in islice(rest, AT_ONCE)]:
            cases = [self.case(small) for small in tried]
            alike = [
                (cost(cases[suspect.number].args), suspect.number, suspect.key)
                for suspect in self.trial.suspects(cases, self.trial.outcomes(cases))
                if suspect.key.includes(key) and self._is_like(suspect, weight)
            ]
            if alike:
                _, number, same = min(alike, key=lambda found: found[:2])
                return same, tried[number]
        return None

    def _is_like(self, suspect: Suspect, weight: float) -> bool:
        """Whether an input fails as one did that was judged: it is far off, or as far."""
        return suspect.weight >= min(weight, FAR)


def _oddness(key: Key) -> tuple[bool, int]:
    return key.is_alone, len(key.traits)


def _disagrees(result: CaseResult) -> bool:
    return not result.agrees and result.verdict is not Verdict.UNTESTABLE
