"""How far rounding moves the outputs of a case: the port run again with its numbers moved.

May import `both_sides` and all before it.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from lockstep.both_sides import BothSides
from lockstep.compare.floor import MARGIN, NUDGED_RUNS, PERTURBED_RUNS
from lockstep.compare.judging import judge, may_round_in_octave
from lockstep.compare.leaves import Leaf, distance
from lockstep.compare.verdict import LeafResult, Verdict
from lockstep.model.phases import Phase
from lockstep.oracles.live import OCTAVE_RUNS
from lockstep.project.cases import Case, map_leaves
from lockstep.project.pairs import Pair
from lockstep.sides.nudging import has_measured
from lockstep.sides.port import PortReply

CHEAP_RUNS = 3
"""How often it is run with nudged arguments alone, before all others: they cost no more than the
call, and settle what is far from being nothing but rounding (see `LeafResult.is_clear`)."""

MORE_RUNS = 20
"""Further perturbed runs where a decision may be what differs, and Octave's value was not among
those given: one that goes either way is missed by all of them once in a million times."""

MORE_SECONDS = 30.0
"""After so much of the processor's time no further one is begun."""

UNSTEADY = (
    "the port gives another result when it is called again: is it seeded as the case says, "
    "or does it keep something between calls?"
)


class Measured:
    """One case that both sides have answered.

    Parameters
    ----------
    both : BothSides
        Both sides.
    pair, case : Pair, Case
        What was run.
    side : callable or None
        The Python side; None for the port.
    octave : list of Any
        Octave's outputs.
    compared : sequence of (str, Leaf)
        The leaves of both sides' outputs.
    """

    def __init__(
        self,
        both: BothSides,
        pair: Pair,
        case: Case,
        side: Callable[..., Any] | None,
        octave: list[Any],
        compared: Sequence[tuple[str, Leaf]],
    ) -> None:
        self._both = both
        self._pair = pair
        self._case = case
        self._side = side
        self._octave = octave
        self._compared = compared

    def judged(self, measure_all: bool) -> list[LeafResult]:
        """Judge the leaves; run the port again only as often as it takes for all to agree.

        Each run can only widen the floor: what agrees after one agrees after all. So the cheap runs
        come first; but they settle only what is far from being nothing but rounding.

        Parameters
        ----------
        measure_all : bool
            Run it as often as can be, also where the difference is seen to be rounding before.
        """
        case, both = self._case, self._both
        runs: dict[str, list[list[Leaf]]] = {"perturbed": [], "nudged": []}

        rounded: list[dict[str, Any]] = []

        def judged(i: int) -> LeafResult:
            name, leaf = self._compared[i]
            nudged, perturbed = ([run[i] for run in runs[kind]] for kind in ("nudged", "perturbed"))
            octave = [run[name] for run in rounded if name in run]
            return judge(name, leaf, nudged, perturbed, case.allow, octave)

        results = [judged(i) for i in range(len(self._compared))]
        if all(result.verdict is Verdict.IDENTICAL for result in results):
            return results
        start = time.process_time()
        single = any(map(_has_singles, self._octave))
        for kind, number in _plan(has_measured(case.args, single)):
            sure = not runs["nudged"] or bool(runs["perturbed"])
            settled = all(one.is_settled and (sure or one.is_clear) for one in results)
            if settled and not measure_all:
                break
            more = kind == "perturbed" and number >= PERTURBED_RUNS
            late = time.process_time() - start > MORE_SECONDS
            if more and (late or not any(one.jumps or one.excused for one in results)):
                break
            call = {
                "arguments": both.port.call_with_nudged_arguments,
                "perturbed": both.port.call_perturbed,
                "nudged": both.port.call_nudged,
            }[kind]
            both.now(Phase.PORT, case.timeout or both.timeout)
            try:
                result = call(self._pair, case, number, self._side, single)
                found = [leaf for _, leaf in self._leaves(result)]
            except Exception:
                continue  # a port may refuse moved numbers: no floor comes of them
            if len(found) == len(self._compared):
                runs["perturbed" if kind == "perturbed" else "nudged"].append(found)
                results = [
                    judged(i) if one.verdict is not Verdict.IDENTICAL else one
                    for i, one in enumerate(results)
                ]
        if any(map(may_round_in_octave, results)):
            both.now(Phase.OCTAVE, OCTAVE_RUNS * (case.timeout or both.timeout))
            rounded += both.oracle.rounded(self._pair, case, self._octave)
            results = [
                judged(i) if may_round_in_octave(one) else one for i, one in enumerate(results)
            ]
        if any(one.excused for one in results):
            both.now(Phase.OCTAVE, OCTAVE_RUNS * (case.timeout or both.timeout))
            jumping = both.oracle.jumping(self._pair, case, self._octave)
            results = [
                replace(one, verdict=Verdict.DIFFERENT, excused=0)
                if one.excused and one.name not in jumping
                else one
                for one in results
            ]
        return results

    def unsteady(self) -> str:
        """Say so if the port gives another result when called again: then no floor means a thing.

        Threads may sum in another order each time, so that a few last bits may differ.
        """
        again = self._both.python_outcome(self._pair, self._case, self._side)
        try:
            assert isinstance(again, PortReply)
            found = [leaf for _, leaf in self._leaves(again.result)]
            same = len(found) == len(self._compared) and all(
                _is_steady(leaf, other)
                for (_, leaf), other in zip(self._compared, found, strict=True)
            )
        except Exception:
            same = False
        return "" if same else UNSTEADY

    def _leaves(self, result: Any) -> Iterator[tuple[str, Leaf]]:
        return self._both.leaves(self._pair, self._case, self._side, self._octave, result)


def _is_steady(leaf: Leaf, other: Leaf) -> bool:
    if leaf.mismatch or not leaf.compared:
        return leaf.mismatch == other.mismatch
    return bool(np.all(distance(leaf.python, other.python).ulps <= MARGIN))


def _plan(is_measured: bool) -> Iterator[tuple[str, int]]:
    """Say which runs there are, in their order; `is_measured`: some argument can be nudged."""
    for kind, first, last in (
        ("arguments", NUDGED_RUNS, NUDGED_RUNS + CHEAP_RUNS * is_measured),
        ("perturbed", 0, PERTURBED_RUNS),
        ("nudged", 0, NUDGED_RUNS),
        ("perturbed", PERTURBED_RUNS, PERTURBED_RUNS + MORE_RUNS),
    ):
        for number in range(first, last):
            yield kind, number


def _has_singles(value: Any) -> bool:
    """Whether a value of Octave holds single numbers."""
    found = False

    def look(one: Any) -> Any:
        nonlocal found
        found = found or getattr(one, "dtype", None) in (np.float32, np.complex64)
        return one

    map_leaves(value, look)
    return found
