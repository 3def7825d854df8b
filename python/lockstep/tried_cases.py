"""The cases of a pair as an explanation takes them: each with what judges results of the port.

May import `runner` and all before it, and `explain`.
"""

import math
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

import numpy as np

from lockstep.compare.case_result import CaseResult
from lockstep.compare.leaves import Leaf
from lockstep.compare.outputs import output_number
from lockstep.compare.verdict import LeafResult
from lockstep.explain.failing_case import FailingCase
from lockstep.explain.judge import OF_THE_LARGEST, Split, judge, slack
from lockstep.explain.patience import Patience
from lockstep.explain.varied import NEAR, OTHERS, like, near, size, wider
from lockstep.measuring import Measured
from lockstep.project.cases import Case, with_nargout
from lockstep.project.pairs import Pair
from lockstep.runner import Runner
from lockstep.sides.octave import OctaveDiedError, OctaveError, Reply
from lockstep.sides.port import PortReply

LIKE = "like"
"""Name of a case that is made of one of the pair's own."""

SECONDS_FOR_OTHERS = 3.0
"""Time for asking Octave of them."""

MEANING = 1e-8
"""What an element of them may be off, as a part of the largest: that is no other computation."""

NEAR_ENOUGH, MOST_MEASURED = 1e-3, 4
"""How near to Octave's a result must be, as a part of the largest number, for what rounding does to
a changed port to be measured; and of how many results that is done in a case."""

MOST_WIDER = 24
"""Cases with other sizes that are made."""

SMALLER = "smaller"
"""Name of a case that is made of a large one."""

LARGE = 2**23
"""Bytes of arguments, or of an output, beyond which a smaller case is looked at if one fails."""

LONG = 1.0, 5.0
"""Seconds of the port, and of Octave, beyond which a case is not the first to be looked at, nor are
cases made of it."""


def is_large(case: Case, result: CaseResult) -> bool:
    """Whether the arguments or an output of a case are so large that a smaller one is looked at."""
    outputs = (8 * math.prod(leaf.shape) for leaf in result.leaves)
    return max(size(case), *outputs, 0) > LARGE


def is_long(result: CaseResult) -> bool:
    """Whether a case takes so long that another is looked at first, and none is made of it."""
    return result.python_seconds > LONG[0] or result.octave_seconds > LONG[1]


@dataclass(frozen=True)
class Failing(FailingCase):
    """A case whose outputs disagree, with others like it.

    Attributes
    ----------
    others : callable
        Makes other cases out of those of the pair.
    wider : callable
        Makes cases with other sizes out of those of the pair.
    """

    others: Callable[[], Sequence[FailingCase]] = tuple
    wider: Callable[[], Sequence[FailingCase]] = tuple

    def of(self, output: int) -> FailingCase:
        """Return the case, and the others, with one output alone, by its position."""
        own = vars(super().of(output))
        made = {
            "others": lambda: [one.of(output) for one in self.others()],
            "wider": lambda: [one.of(output) for one in self.wider()],
        }
        return Failing(**{**own, **made})


def tried(runner: Runner, pair: Pair, case: Case, result: CaseResult) -> FailingCase:
    """Return a case with what judges its results as the run did."""
    wrong = wrong_outputs(pair, result)
    return FailingCase(
        result.case, case, _judge(runner, pair, case, result), tuple(wrong),
        is_made=result.case == SMALLER, is_large=is_large(case, result) or is_long(result),
        names=tuple(wrong.values()),
        only=lambda output: _judge(runner, pair, case, result, output), raised=result.raised,
        agrees_live=_by_its_own_floor(runner, pair, case, result),
        is_endless=result.endless, seconds=result.python_seconds,
    )  # fmt: skip


def others_like(
    runner: Runner, pair: Pair, cases: Sequence[Case], errors: bool = False
) -> list[FailingCase]:
    """Make cases of which nobody thought, with Octave's answers.

    Parameters
    ----------
    runner, pair : Runner, Pair
        Both sides.
    cases : sequence of Case
        What they are made of.
    errors : bool
        Whether an error of Octave's is an answer, too.
    """
    found: list[FailingCase] = []
    turns = [divmod(number, len(cases)) for number in range(OTHERS if cases else 0)]
    made = [like(cases[place], turn) for turn, place in turns]
    close = [near(cases[place], turn) for turn, place in turns[:NEAR]]
    for number, (case, octave) in enumerate(_answered(runner, pair, [*made, *filter(None, close)])):
        name = f"like {number + 1}"
        if not isinstance(octave, Exception):
            found.append(_other(runner, pair, name, case, octave))
        elif errors and isinstance(octave, OctaveError):
            found.append(FailingCase(name, case, lambda _: False, raised=str(octave)))
    return found


def wider_than(runner: Runner, pair: Pair, cases: Sequence[Case]) -> list[FailingCase]:
    """Make cases with other sizes, with Octave's answers: a port need not be meant for them."""
    made = islice((wide for case in cases for wide in wider(case)), MOST_WIDER)
    found: list[FailingCase] = []
    for case, octave in _answered(runner, pair, made):
        if not isinstance(octave, Exception):
            found.append(_other(runner, pair, f"wider {len(found) + 1}", case, octave))
    return found


def _answered(
    runner: Runner, pair: Pair, cases: Iterable[Case]
) -> Iterator[tuple[Case, Reply | Exception]]:
    """Ask Octave of cases that were made, for as long as there is time, and none is endless."""
    patience = Patience(SECONDS_FOR_OTHERS)
    for one in cases:
        if patience.is_over:
            return
        case = runner.oracle.adopted(pair, {LIKE: one})[LIKE]
        octave = runner.octave_within(pair, case, SECONDS_FOR_OTHERS)
        runner.begin_explanation(case)
        if isinstance(octave, OctaveDiedError):
            return
        yield case, octave


def _other(runner: Runner, pair: Pair, name: str, case: Case, reply: Reply) -> FailingCase:
    """Judge by the meaning: what rounding does to such arguments was not measured."""
    octave = _Octave(runner, pair, case, reply)

    def judged(output: int | None) -> Callable[[Any], bool]:
        return octave.judging({}, output, MEANING)

    return FailingCase(name, case, judged(None), only=judged)


class _Octave:
    """What Octave gives in a case, asked for as many outputs as a result of the port has.

    A port that raised an error has not shown how many those are.
    """

    def __init__(self, runner: Runner, pair: Pair, case: Case, known: Reply | None = None) -> None:
        self._runner, self._pair, self._case = runner, pair, case
        self._known: dict[int, tuple[Case, Reply | Exception]] = {}
        if known is not None:
            self._known[0] = case, known

    def asked(self, own: Any) -> tuple[Case, Reply | Exception]:
        """Return what is asked for a result, and the answer; Octave is called once for each count.

        Where it cannot give as many, what it gave at first counts, as in a run.
        """
        _, first = self._answered(0)
        python = PortReply(own, 0.0, "", [])
        count = self._runner.outputs_to_ask(self._pair, self._case, first, python)
        asked, reply = self._answered(count)
        return (self._case, first) if isinstance(reply, Exception) else (asked, reply)

    def _answered(self, count: int) -> tuple[Case, Reply | Exception]:
        if count not in self._known:
            asked = with_nargout(self._case, count) if count else self._case
            self._known[count] = asked, self._runner.octave_outcome(self._pair, asked)
            self._runner.begin_explanation(self._case)
        return self._known[count]

    def judging(
        self,
        measured: Mapping[str, LeafResult],
        output: int | None,
        of_the_largest: float | None = OF_THE_LARGEST,
        lacking: Collection[str] | None = None,
    ) -> Callable[[Any], bool]:
        """Return what judges a result, or one output of it (see `judge`)."""

        def agrees(own: Any) -> bool:
            asked, reply = self.asked(own)
            if isinstance(reply, Exception):
                return False
            split = self.split(asked, reply, output)
            return judge(split, measured, of_the_largest, lacking)(own)

        return agrees

    def split(self, asked: Case, reply: Reply, output: int | None) -> Split:
        """Pair a result with Octave's outputs, or with one of them, leaf by leaf."""

        def split(own: Any) -> Iterator[tuple[str, Leaf]]:
            found = self._runner.leaves(self._pair, asked, None, reply.outputs, own)
            return (one for one in found if output in (None, output_number(self._pair, one[0])))

        return split


def _judge(
    runner: Runner, pair: Pair, case: Case, result: CaseResult, output: int | None = None
) -> Callable[[Any], bool]:
    """Judge as the run did."""
    measured = {leaf.name: leaf for leaf in result.leaves}
    octave = _Octave(runner, pair, case)
    return octave.judging(measured, output, slack(result.leaves), runner.lacking)


def _by_its_own_floor(
    runner: Runner, pair: Pair, case: Case, result: CaseResult
) -> Callable[[Any], bool]:
    """Judge a result by what rounding does to the port that gave it, which is the live one.

    Of the port as it is no floor is known where it raised an error, and another one where it went
    another way. Only a few results are measured, as that takes many runs: those that are near
    Octave's, or any where it is rounding that decides.
    """
    left, octave = MOST_MEASURED, _Octave(runner, pair, case)
    is_decided = bool(result.cut or result.excused)
    known: list[tuple[Sequence[tuple[str, Leaf]], bool]] = []

    def agrees(own: Any) -> bool:
        nonlocal left
        asked, reply = octave.asked(own)
        if not left or isinstance(reply, Exception):
            return False
        split = octave.split(asked, reply, None)
        if not is_decided and not judge(split, {}, NEAR_ENOUGH, runner.lacking)(own):
            return False
        compared = list(split(own))
        if _are_the_same(compared, {leaf.name: leaf.leaf for leaf in result.leaves}):
            return False  # it is the port as it is that gave them, and that disagrees
        for before, verdict in known:
            if _are_the_same(compared, dict(before)):
                return verdict
        left -= 1
        seconds = result.python_seconds
        found = Measured(runner, pair, asked, None, reply, seconds, compared).measured()
        runner.begin_explanation(asked)
        known.append((compared, all(one.verdict.agrees for one in found)))
        return known[-1][1]

    return agrees


def _are_the_same(compared: Sequence[tuple[str, Leaf]], before: Mapping[str, Leaf]) -> bool:
    """Whether a port returned what one returned before, to the bit."""
    names = {name for name, _ in compared}
    return (
        names != set()
        and names == set(before)
        and all(
            np.array_equal(one.python, before[name].python)
            for name, one in compared
            if one.compared
        )
    )


def wrong_outputs(pair: Pair, result: CaseResult) -> dict[int, str]:
    """Return the outputs that disagree, in order: by position, the first part that does."""
    wrong: dict[int, str] = {}
    for leaf in result.leaves:
        if not leaf.verdict.agrees:
            wrong.setdefault(output_number(pair, leaf.name), leaf.name)
    return dict(sorted((number, name) for number, name in wrong.items() if number >= 0))
