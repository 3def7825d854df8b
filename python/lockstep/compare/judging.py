"""Is a difference rounding or an error? Every leaf is judged by the runs of the port.

What `floor` measures is rounding, what `decisions` finds among the runs is excused, and what is
right up to one of the `conventions` is said to be. May import all of these, `distance`,
`leaves` and `verdict`.
"""

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from lockstep.compare.conventions import apply, candidates
from lockstep.compare.decisions import (
    are_adrift,
    are_counted,
    are_moving,
    are_together,
    were_given,
)
from lockstep.compare.distance import Distance, distance
from lockstep.compare.floor import (
    MARGIN,
    one_ulp,
    rounding_floor,
    run_values,
    widened,
)
from lockstep.compare.leaves import WHOLE, Leaf, common_part, largest_number
from lockstep.compare.verdict import LeafResult, Verdict
from lockstep.model.blocks import largest

Runs = Sequence[np.ndarray[Any, Any]]
"""The values of a leaf in several runs."""

CHAOS = 1 / 3
"""Part of the digits that are lost where what is left is no remainder of a cancellation."""

LEFT = 1 / 6
"""Part of the digits that are right in most cases where Octave has lost the others."""


def judge(
    name: str,
    leaf: Leaf,
    nudged: Sequence[Leaf] = (),
    perturbed: Sequence[Leaf] = (),
    allow: Sequence[str] = (),
    rounded: Runs = (),
    is_part: bool = False,
    scale: float = 0.0,
    jumping: Runs | None = None,
) -> LeafResult:
    """Give a verdict on a leaf, its class and its conventions included.

    Parameters
    ----------
    name : str
        Of the leaf.
    leaf : Leaf
        Both values.
    nudged, perturbed : sequence of Leaf
        The same leaf in the runs of either kind.
    allow : sequence of str
        Conventions that may differ.
    rounded : sequence of ndarray
        Octave's value in runs of its own that round otherwise.
    is_part : bool
        Whether these are only some of the leaf's elements, of which no convention can be seen.
    scale : float
        Size of the numbers that the case is about.
    jumping : sequence of ndarray, optional
        Octave's value in the runs that were made to see whether it jumps; None before.
    """
    if not leaf.compared:
        return LeafResult(name, leaf, Verdict.IDENTICAL)
    result = _judged_value(name, leaf, nudged, perturbed, rounded, scale, jumping)
    if result.verdict is Verdict.DIFFERENT and not is_part:
        for convention in candidates(leaf):
            other, some = ([apply(one, convention) for one in kind] for kind in (nudged, perturbed))
            found = _judged_value(name, apply(leaf, convention), other, some, (), scale, ())
            if found.verdict.agrees:
                result = replace(found if convention in allow else result, convention=convention)
                break
    if leaf.class_note not in ("", WHOLE) and result.verdict is not Verdict.DIFFERENT:
        verdict = result.verdict if "class" in allow else Verdict.DIFFERENT
        result = replace(result, verdict=verdict, convention=result.convention or "class")
    return result


def _judged_value(
    name: str,
    leaf: Leaf,
    nudged: Sequence[Leaf],
    perturbed: Sequence[Leaf],
    rounded: Runs = (),
    scale: float = 0.0,
    jumping: Runs | None = None,
) -> LeafResult:
    measured = _leaf_distance(leaf)
    if measured is not None and not measured.unequal.any():
        return LeafResult(name, leaf, Verdict.IDENTICAL, measured)
    return _judged_leaf(name, leaf, nudged, perturbed, rounded, scale, jumping)


def _judged_leaf(
    name: str,
    leaf: Leaf,
    nudged: Sequence[Leaf],
    perturbed: Sequence[Leaf] = (),
    rounded: Runs = (),
    scale: float = 0.0,
    jumping: Runs | None = None,
) -> LeafResult:
    """Give a verdict on a leaf that differs, from the same leaf of the runs."""
    if leaf.mismatch:
        return _judged_length(name, leaf, nudged, perturbed, jumping)
    measured = distance(leaf.octave, leaf.python)
    inside = np.array([run_values(leaf.python, one.python) for one in perturbed]).reshape(
        len(perturbed), *leaf.python.shape
    )
    counted = are_counted(leaf, inside)
    if leaf.python.dtype.kind in "fc":
        floor = rounding_floor(leaf.python, inside, nudged)
    else:
        floor = np.zeros(leaf.python.shape)
    if rounded and leaf.octave.dtype.kind in "fc":
        floor = np.maximum(floor, rounding_floor(leaf.octave, np.array(rounded), []))
    floor = np.where(counted, 0.0, floor)
    ulp = one_ulp(leaf.octave, leaf.python)
    with np.errstate(over="ignore"):
        allowed = MARGIN * np.maximum(widened(floor, leaf.python), ulp)
    allowed = np.where(counted, 0.0, allowed)
    beyond = measured.unequal & ~(measured.absolute <= allowed)
    excused = moving = adrift = np.zeros(leaf.python.shape, bool)
    if beyond.any():
        given = were_given(leaf.octave, inside, allowed)
        adrift = beyond & counted & ~given & are_adrift(leaf.python, inside)
        if adrift.any():
            of_nudged = [run_values(leaf.python, one.python) for one in nudged]
            theirs = jumping and [run_values(leaf.octave, one) for one in jumping]
            ours = [leaf.python, *inside, *of_nudged]
            given |= adrift & are_together(leaf.octave, ours, theirs)
        moving = are_moving(leaf.python, inside)
        excused = beyond & given & moving
    wrong = beyond & ~excused
    verdict, size = Verdict.ROUNDING, 0.0
    if wrong.any():
        verdict = Verdict.DIFFERENT
    elif (size := _as_large(leaf, floor, measured.unequal & ~excused, scale)) > 0:
        verdict = Verdict.UNTESTABLE
    return LeafResult(
        name,
        leaf,
        verdict,
        measured,
        allowed,
        excused=int(excused.sum()),
        jumps=bool(np.any(wrong & (moving | counted))),
        is_adrift=bool(adrift.any()),
        floor=size,
    )


def may_round_in_octave(result: LeafResult, scale: float = 0.0) -> bool:
    """Whether a leaf that does not plainly agree is so little off that Octave may have rounded so.

    A port that is more exact than what it ports has a floor below what Octave lost, which may be
    all digits; and what is nothing in exact numbers may be all rounding.

    Parameters
    ----------
    result : LeafResult
        As it is judged by the runs of the port.
    scale : float
        Size of the numbers that the case is about.
    """
    return _is_within(result, 0.0, scale)


def has_digits_left(result: LeafResult, scale: float = 0.0) -> bool:
    """Whether it is as little off as what Octave rounded mostly is; parameters as above."""
    return _is_within(result, LEFT, scale)


def _is_within(result: LeafResult, part: float, scale: float) -> bool:
    """Whether a leaf that can be rounding has a part of its digits right, or is near nothing."""
    leaf, apart = result.leaf, result.distance
    is_open = result.verdict is Verdict.DIFFERENT or result.excused
    if not is_open or result.convention or apart is None:
        return False
    if leaf.mismatch or leaf.octave.dtype.kind not in "fc":
        return False
    eps = float(np.finfo(leaf.octave.dtype).eps)
    lost, nothing = eps**part * largest(leaf.octave), math.sqrt(eps) * scale
    return bool(np.max(apart.absolute, initial=0.0) <= max(lost, nothing))


def _leaf_distance(leaf: Leaf) -> Distance | None:
    """Measure how far apart the two values of a leaf are; None where that cannot be said."""
    return None if leaf.mismatch or not leaf.compared else distance(leaf.octave, leaf.python)


def _judged_length(
    name: str,
    leaf: Leaf,
    nudged: Sequence[Leaf],
    perturbed: Sequence[Leaf],
    jumping: Runs | None,
) -> LeafResult:
    """Judge two arrays that differ in shape, which only decisions inside can have made."""
    if not (_is_array(leaf.octave) and _is_array(leaf.python)):
        return LeafResult(name, leaf, Verdict.DIFFERENT)
    perturbed = [run for run in perturbed if _is_array(run.python)]
    sizes = {run.python.shape for run in perturbed}
    if not sizes - {leaf.python.shape}:
        return LeafResult(name, leaf, Verdict.DIFFERENT, jumps=True)
    own, inside, of_nudged = (
        _counts([run.python for run in runs]) for runs in ([leaf], perturbed, nudged)
    )
    is_adrift = bool(are_adrift(own[0], inside))
    theirs = None if jumping is None else [*_counts(jumping)]
    together = is_adrift and bool(
        are_together(np.asarray(leaf.octave.size), [*own, *inside, *of_nudged], theirs)
    )
    alike = [run for run in perturbed if not run.mismatch]
    part = common_part(leaf)
    if together != is_adrift or not (alike or (together and part is not None)):
        return LeafResult(name, leaf, Verdict.DIFFERENT, jumps=True)
    for run in alike:
        others = [one for one in alike if one is not run]
        found = _judged_value(name, run, [], others, jumping=jumping)
        if found.verdict.agrees:
            return replace(
                found,
                leaf=replace(run, mismatch=leaf.mismatch),
                verdict=Verdict.ROUNDING,
                allowed=found.allowed if found.allowed is not None else np.zeros(run.python.shape),
                is_adrift=is_adrift or found.is_adrift,
            )
    if part is None:
        return LeafResult(name, leaf, Verdict.DIFFERENT, jumps=True)
    common = replace(part, mismatch="")
    found = _judged_leaf(name, common, nudged, perturbed, jumping=jumping)
    return replace(found, leaf=part, is_adrift=is_adrift or found.is_adrift)


def _counts(values: Runs) -> np.ndarray[Any, Any]:
    """Return how many elements each of some values has that is an array."""
    return np.array([one.size for one in values if _is_array(one)], np.int64)


def _is_array(value: Any) -> bool:
    return isinstance(value, np.ndarray)


def _as_large(
    leaf: Leaf, floor: np.ndarray[Any, Any], unequal: np.ndarray[Any, Any], scale: float
) -> float:
    """Return the floor where it leaves nothing that could be right or wrong; else 0.

    It is as large as the whole leaf; or what is allowed is, and it is no remainder of a
    cancellation either, which is small beside what the case is about, but chaos.
    """
    if not unequal.any():
        return 0.0
    found, size = float(np.max(floor[unequal], initial=0.0)), largest_number(leaf)
    kinds = [one.dtype for one in (leaf.octave, leaf.python) if one.dtype.kind in "fc"]
    if not kinds or found == 0:
        return 0.0
    eps = max(float(np.finfo(kind).eps) for kind in kinds)
    is_chaos = MARGIN * found >= size and found >= eps ** (1 - CHAOS) * max(scale, size)
    return found if found >= size or is_chaos else 0.0
