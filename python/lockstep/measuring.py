"""How far rounding moves the outputs of a case: the port run again with its numbers moved.

May import `moved_runs` and all before it.
"""

import contextlib
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any

import numpy as np

from lockstep.both_sides import BothSides
from lockstep.compare.conventions import conventions
from lockstep.compare.decisions import counts, part_ways
from lockstep.compare.distance import distance
from lockstep.compare.floor import MARGIN, PERTURBED_RUNS
from lockstep.compare.judging import has_digits_left, judge, may_round_in_octave
from lockstep.compare.large import (
    LARGE,
    Look,
    agree_everywhere,
    first_look,
    is_large,
    parted,
    portions,
    together,
    together_as_looks,
)
from lockstep.compare.leaves import Leaf
from lockstep.compare.verdict import LeafResult, Verdict
from lockstep.deciding import decided
from lockstep.explain.patience import Patience
from lockstep.model.blocks import largest
from lockstep.model.phases import Phase
from lockstep.moved_runs import CLEAR_SECONDS, FEW_RUNS, MovedRuns, is_wrong, plan
from lockstep.oracles.live import OCTAVE_RUNS
from lockstep.project.cases import Case, leaves
from lockstep.project.pairs import Pair
from lockstep.sides.nudging import has_measured
from lockstep.sides.octave import Reply
from lockstep.sides.port import PortReply

MORE_SECONDS = 15.0
"""After so much of the processor's time, or `SLOWER` times that by the clock, none of the further
runs is begun (see `moved_runs`)."""

MORE_BYTES = 2**28
"""Nor where the results of those before take so much: they are all kept."""

OWN_SCALE = 1.0
"""Size of the numbers that a program has of its own: its arguments and outputs may be smaller."""

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
    octave : Reply
        Octave's answer.
    seconds : float
        How long the Python side took.
    compared : sequence of (str, Leaf)
        The leaves of both sides' outputs.

    Attributes
    ----------
    decided_at : str
        Where the decision is on which the case depends; empty where it is not known of any.
    """

    def __init__(
        self,
        both: BothSides,
        pair: Pair,
        case: Case,
        side: Callable[..., Any] | None,
        octave: Reply,
        seconds: float,
        compared: Sequence[tuple[str, Leaf]],
    ) -> None:
        self._both = both
        self._pair = pair
        self._case = case
        self._side = side
        self._octave = octave.outputs
        self._runs = MovedRuns(both, pair, case, side, octave, seconds)
        self._compared = compared
        self.decided_at = ""

    @property
    def unmeasured(self) -> str:
        """What of the rounding was not measured; empty for nothing."""
        return self._runs.unmeasured

    @cached_property
    def _scale(self) -> float:
        """Size of the numbers that the case is about; all of them must be looked at for it."""
        return max(_largest(self._case.args), _largest(self._octave), OWN_SCALE)

    def judged(self, measure_all: bool) -> list[LeafResult]:
        """Judge the leaves, and look for the decision on which the case depends.

        Parameters
        ----------
        measure_all : bool
            Run both sides as often as can be, also where less explains the difference.
        """
        return [_lean(one) for one in self._decided(self.measured(measure_all))]

    def measured(self, measure_all: bool = False) -> list[LeafResult]:
        """Judge the leaves; run the port again only as often as it takes for all to agree.

        Each run can only widen the floor: what agrees after one agrees after all. So the cheap runs
        come first; but they settle only what is far from being nothing but rounding.
        """
        looks = [first_look(leaf) if is_large(leaf) else None for _, leaf in self._compared]
        results = self._measured(looks, measure_all)
        for i, look in enumerate(looks):
            if look is not None:
                results[i] = self._of_all(i, look, results[i])
        return results

    def _decided(self, results: list[LeafResult]) -> list[LeafResult]:
        """Look for the decision on which the case depends: on the same bits nothing is excused."""
        hanging = [one for one in results if one.hangs_on_a_decision]
        if not hanging or self._side is not None or self._pair.is_script:
            return results
        if not all(one.verdict.agrees for one in results):
            return results
        found = decided(self._both, self._pair, self._case, self._octave, results)
        self._both.now(Phase.COMPARE, self._case.timeout or self._both.timeout)
        if found is None:
            return results
        self.decided_at = found.place
        if not found.on_same_bits:
            return results
        return [
            replace(one, verdict=Verdict.DIFFERENT, excused=0) if one.hangs_on_a_decision else one
            for one in results
        ]

    def _measured(
        self, looks: Sequence[Look | None], measure_all: bool, only: int | None = None
    ) -> list[LeafResult]:
        """Judge the leaves, or one `only`; of a large one what is looked at."""
        case, both = self._case, self._both
        parts = [
            leaf if look is None else look.part
            for (_, leaf), look in zip(self._compared, looks, strict=True)
        ]
        runs: dict[str, list[list[Leaf]]] = {"perturbed": [], "nudged": []}
        rounded: list[dict[str, Any]] = []
        jumping: dict[str, list[Any]] | None = None

        def judged(i: int) -> LeafResult:
            name, look = self._compared[i][0], looks[i]
            if only not in (None, i):
                return LeafResult(name, parts[i], Verdict.IDENTICAL)
            nudged, perturbed = ([run[i] for run in runs[kind]] for kind in ("nudged", "perturbed"))
            octave = [run[name] for run in rounded if name in run]
            is_part = look is not None
            scale = self._scale if nudged or perturbed or octave else 0.0  # nothing moved before
            theirs = None if jumping is None else [] if is_part else jumping.get(name, [])
            return judge(
                name, parts[i], nudged, perturbed, case.allow, octave, is_part, scale, theirs
            )

        results = [judged(i) for i in range(len(self._compared))]
        if all(result.verdict is Verdict.IDENTICAL for result in results):
            return results
        clear, more = Patience(CLEAR_SECONDS), Patience(MORE_SECONDS)
        single = any(map(_has_singles, self._octave))
        for kind, number in plan(has_measured(case.args, single)):
            open_ones = [
                i for i, one in enumerate(results) if not (one.is_settled and one.is_clear)
            ]
            if not open_ones and not measure_all:
                break
            made = [*runs["perturbed"], *runs["nudged"]]
            is_late = clear.is_over and not measure_all
            if is_late and all(
                is_wrong(results[i], [run[i].python for run in made]) for i in open_ones
            ):
                self._runs.note(FEW_RUNS.format(len(made)))
                break
            if kind == "perturbed" and number >= PERTURBED_RUNS:
                late = more.is_over or _size(runs) > MORE_BYTES
                if late or not any(one.jumps or one.excused or one.is_adrift for one in results):
                    break
            found = self._run(kind, number, single)
            if found is not None:
                kept = [
                    _kept(leaf, one) if look is None else look.of_run(one)
                    for (_, leaf), look, one in zip(self._compared, looks, found, strict=True)
                ]
                runs["perturbed" if kind == "perturbed" else "nudged"].append(kept)
                results = [
                    judged(i) if one.verdict is not Verdict.IDENTICAL else one
                    for i, one in enumerate(results)
                ]
        doubtful = {
            i
            for i, one in enumerate(results)
            if may_round_in_octave(one, self._scale)
            or (measure_all and one.verdict is not Verdict.IDENTICAL)
        }
        if doubtful:
            begin = time.monotonic()
            is_far = not any(has_digits_left(results[i], self._scale) for i in doubtful)
            with contextlib.closing(self._runs.of_octave()) as octave_runs:
                for run in octave_runs:
                    rounded.append(self._looked_at(looks, run))
                    del run
                    late = time.monotonic() - begin > CLEAR_SECONDS
                    if (
                        (is_far or late)
                        and not measure_all
                        and self._are_wrong(doubtful, judged, rounded)
                    ):
                        break
            results = [judged(i) if i in doubtful else one for i, one in enumerate(results)]
        if any(one.excused or one.is_adrift for one in results):
            both.now(Phase.OCTAVE, OCTAVE_RUNS * (case.timeout or both.timeout))
            jumping = both.oracle.jumping(self._pair, case, self._octave)
            results = [judged(i) if one.is_adrift else one for i, one in enumerate(results)]
            apart = _parting(results, [*runs["perturbed"], *runs["nudged"]], jumping)
            results = [
                replace(one, verdict=Verdict.DIFFERENT, excused=0)
                if (one.excused or one.is_adrift) and (one.name not in jumping or i in apart)
                else one
                for i, one in enumerate(results)
            ]
        return results

    def _looked_at(self, looks: Sequence[Look | None], run: Mapping[str, Any]) -> dict[str, Any]:
        """Return what is looked at of the leaves of a run of Octave."""
        named = {name: look for (name, _), look in zip(self._compared, looks, strict=True)}
        return {
            name: one if (look := named.get(name)) is None else look.of_octave(one)
            for name, one in run.items()
        }

    def _are_wrong(
        self,
        places: Collection[int],
        judged: Callable[[int], LeafResult],
        rounded: Sequence[Mapping[str, Any]],
    ) -> bool:
        """Whether leaves are beyond what Octave's own rounding explains, as few as its runs are."""
        names = {i: self._compared[i][0] for i in places}
        return all(
            is_wrong(judged(i), [run[name] for run in rounded if name in run], of_octave=True)
            for i, name in names.items()
        )

    def _run(self, kind: str, number: int, single: bool) -> list[Leaf] | None:
        """Run the port with its numbers moved; None where it gives nothing that compares."""
        found = self._runs.of_port(kind, number, single)
        return found if found is not None and len(found) == len(self._compared) else None

    def _of_all(self, i: int, look: Look, result: LeafResult) -> LeafResult:
        """Return the result on a large leaf, of which a part was judged."""
        if look.is_sample and result.verdict is not Verdict.DIFFERENT:
            return self._by_portions(i, look, result)
        found = look.whole(result)
        if found.verdict is not Verdict.DIFFERENT or found.convention:
            return found
        convention = next(iter(conventions(look.leaf)), "")
        agrees = bool(convention) and convention in self._case.allow
        verdict = Verdict.ROUNDING if agrees else found.verdict
        return replace(found, convention=convention, verdict=verdict)

    def _by_portions(self, i: int, look: Look, sample: LeafResult) -> LeafResult:
        """Judge all that differs: after one run first, and what does not agree yet after all."""
        name, allow = self._compared[i][0], self._case.allow
        run = self._run("perturbed", 0, any(map(_has_singles, self._octave)))
        found, left = [look.whole(sample)], []
        for portion in portions(look):
            runs = [] if run is None else [portion.of_run(run[i])]
            result = judge(name, portion.part, (), runs, allow, is_part=True, scale=self._scale)
            agreeing, more = parted(portion, result)
            found.append(portion.whole(agreeing))
            left += [] if more is None else [more]
        del run
        for more in together_as_looks(left):
            looks = [more if place == i else None for place in range(len(self._compared))]
            found.append(more.whole(self._measured(looks, False, only=i)[i]))
        return together(found)

    def unsteady(self) -> str:
        """Say so if the port gives another result when called again: then no floor means a thing.

        Threads may sum in another order each time, so that a few last bits may differ.
        """
        again = self._both.python_outcome(self._pair, self._case, self._side)
        try:
            assert isinstance(again, PortReply)
            found = [leaf for _, leaf in self._runs.leaves(again.result)]
            same = len(found) == len(self._compared) and all(
                _is_steady(leaf, other)
                for (_, leaf), other in zip(self._compared, found, strict=True)
            )
        except Exception:
            same = False
        return "" if same else UNSTEADY


def _lean(result: LeafResult) -> LeafResult:
    """Leave out the values of large arrays that could not be compared: nothing is said of them."""
    if result.distance is not None or max(map(_bytes, _sides(result.leaf))) <= LARGE:
        return result
    shape: tuple[int, ...] = getattr(result.leaf.octave, "shape", ())
    nothing = np.zeros((0, 1))
    leaf = replace(result.leaf, octave=nothing, python=nothing)
    return replace(result, leaf=leaf, places=np.zeros(0, np.int64), shape_of_all=shape)


def _kept(leaf: Leaf, run: Leaf) -> Leaf:
    """Return what is kept of a run: of another shape than Octave's, as before, only the shape."""
    own = leaf.python
    if leaf.mismatch and _bytes(run.python) > LARGE and run.python.shape == np.shape(own):
        return replace(run, python=np.broadcast_to(np.zeros((), run.python.dtype), own.shape))
    return run


def _parting(
    results: Sequence[LeafResult],
    runs: Sequence[Sequence[Leaf]],
    jumping: Mapping[str, Sequence[Any]],
) -> set[int]:
    """Say which numbers of the port keep another distance from another count than Octave's do."""
    places = [i for i, one in enumerate(results) if one.name in jumping]
    port = {i: [run[i].python for run in runs] for i in places}
    octave = {i: jumping[results[i].name] for i in places}
    return {
        i
        for i in places
        if (results[i].excused or results[i].is_adrift)
        and any(
            part_ways(counts(port[i], port[other]), counts(octave[i], octave[other]))
            for other in places
            if other != i
        )
    }


def _sides(leaf: Leaf) -> tuple[Any, Any]:
    return leaf.octave, leaf.python


def _bytes(value: Any) -> int:
    return int(getattr(value, "nbytes", 0))


def _size(runs: Mapping[str, list[list[Leaf]]]) -> int:
    """Return how many bytes the values of some runs take."""
    return sum(_bytes(leaf.python) for kind in runs.values() for run in kind for leaf in run)


def _is_steady(leaf: Leaf, other: Leaf) -> bool:
    if leaf.mismatch or not leaf.compared:
        return leaf.mismatch == other.mismatch
    if is_large(leaf):
        return agree_everywhere(leaf.python, other.python, _are_steady)
    return _are_steady(0, leaf.python, other.python)


def _are_steady(begin: int, one: np.ndarray[Any, Any], other: np.ndarray[Any, Any]) -> bool:
    return bool(np.all(distance(one, other).ulps <= MARGIN))


def _largest(values: Any) -> float:
    """Return the size of the largest number in values; 0 where there is none."""
    kinds = int, float, complex, np.number, np.ndarray
    arrays = (np.asarray(one) for one in leaves(values) if isinstance(one, kinds))
    return max((largest(one) for one in arrays if one.dtype.kind in "iufc"), default=0.0)


def _has_singles(value: Any) -> bool:
    """Whether a value of Octave holds single numbers."""
    kinds = np.float32, np.complex64
    return any(getattr(one, "dtype", None) in kinds for one in leaves(value))
