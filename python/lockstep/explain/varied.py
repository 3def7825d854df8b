"""Other arguments like those of a case: what a mend is tried on that was not chosen by its help.

What makes an argument what it is stays: its class and size, what is zero, NaN, whole, equal, sorted
or symmetric. What is measured moves, and what has no order is put in another. May import `model`
and `project`.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from lockstep.model.values import Row
from lockstep.project.cases import Case, leaves, map_leaves, with_args

OTHERS = 8
"""Cases that are made of a pair's own, to see whether a mend holds for others, too ..."""

NEAR = 4
"""... and cases that stay so near that what a function asks of its arguments still holds."""

CLOSEST = 0.8
"""The least that a number is multiplied by, of those that move each on its own."""

STRETCHED = 0.1
"""How far what measured numbers are multiplied by may be from 1, of a case that stays near."""

BENT = 0.05
"""How far a power may be from 1, of those that move all numbers and keep their order."""

WIDER = (1, 1), (1, -1), (1, 2), (1, -2), (2, 0), (2, 1)
"""Factors and terms that make another whole number of one."""

Array = np.ndarray[Any, Any]
Motion = Callable[[Array], Array]


def size(case: Case) -> int:
    """Say how many bytes a case's arguments take, about."""
    return sum(getattr(one, "nbytes", 1) for one in leaves(case.args))


def like(case: Case, turn: int) -> Case:
    """Return the case of a number that is like a case: the same whenever it is asked for."""
    return varied(case, np.random.default_rng(turn))


def near(case: Case, turn: int) -> Case | None:
    """Return a case whose measured numbers are those of a case times a factor for each argument.

    Returns
    -------
    Case or None
        None where nothing is measured.
    """
    random = np.random.default_rng(turn)
    has_moved = False

    def stretched(argument: Any) -> Any:
        factor = 1 + STRETCHED * (2 * random.random() - 1)

        def leaf(one: Any) -> Any:
            nonlocal has_moved
            found = _times(one, factor)
            has_moved = has_moved or found is not one
            return found

        return map_leaves(argument, leaf)

    found = with_args(case, [stretched(one) for one in case.args])
    return found if has_moved else None


def wider(case: Case) -> Iterator[Case]:
    """Yield cases with another whole number for one of a case's arguments: a size, an order."""
    for factor, term in WIDER:
        for place, one in enumerate(case.args):
            if isinstance(one, (int, float)) and not isinstance(one, bool) and one == one // 1 > 0:
                moved = type(one)(factor * one + term)
                if moved > 0:
                    yield with_args(case, [*case.args[:place], moved, *case.args[place + 1 :]])


def _times(value: Any, factor: float) -> Any:
    """Multiply what is measured; the same object for all else."""
    if isinstance(value, Row):
        vector = _times(value.vector, factor)
        return value if vector is value.vector else replace(value, vector=vector)
    if isinstance(value, np.ndarray):
        is_whole = value.dtype.kind not in "fc" or _is_whole(value)
        return value if is_whole else (value * factor).astype(value.dtype)
    is_number = isinstance(value, (float, complex, np.floating, np.complexfloating))
    return type(value)(value * factor) if is_number and not _is_whole(value) else value


def _is_whole(value: Any) -> bool:
    return bool(np.array_equal(value, np.round(value), equal_nan=True))


def varied(case: Case, random: np.random.Generator) -> Case:
    """Return a case with other arguments of the same kind."""
    motion = _bending(random) if random.random() < 0.5 else _scaling(random)
    return with_args(case, [_varied(one, motion, random) for one in case.args])


def _scaling(random: np.random.Generator) -> Motion:
    """Move each number on its own; equal numbers are equal afterwards."""
    seed = np.uint64(random.integers(2**31))

    def move(values: Array) -> Array:
        factors = CLOSEST + (1 - CLOSEST) * _scattered(values, seed)
        return np.asarray(values * factors)

    return move


def _scattered(values: Array, seed: np.uint64) -> Array:
    """Give each number another one, from 0 to 1, that follows from its bits alone (SplitMix64)."""
    kind = np.complex128 if values.dtype.kind == "c" else np.float64
    words = np.ascontiguousarray(values, kind).view(np.uint64).reshape(*values.shape, -1)
    found = np.full(values.shape, seed)
    for part in range(words.shape[-1]):
        found = (found ^ words[..., part]) + np.uint64(0x9E3779B97F4A7C15)
        for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
            found = (found ^ (found >> np.uint64(shift))) * np.uint64(factor)
        found ^= found >> np.uint64(31)
    return np.asarray((found >> np.uint64(11)) * 2.0**-53)


def _bending(random: np.random.Generator) -> Motion:
    """Move all numbers by one power of their size: the order of real numbers stays."""
    power = 1 + BENT * (2 * random.random() - 1)

    def move(values: Array) -> Array:
        size = np.abs(values)
        with np.errstate(all="ignore"):
            factor = np.where(size > 0, size ** (power - 1), 1.0)
        return values * factor

    return move


def _varied(value: Any, motion: Motion, random: np.random.Generator) -> Any:
    def leaf(one: Any) -> Any:
        if isinstance(one, Row):
            return replace(one, vector=_array(one.vector, motion, random))
        if isinstance(one, np.ndarray):
            return _array(one, motion, random)
        if isinstance(one, (float, complex, np.floating, np.complexfloating)):
            return _number(one, motion)
        return _text(one, random) if isinstance(one, str) else one

    if isinstance(value, list) and value and all(isinstance(one, str) for one in value):
        places = random.permutation(len(value))
        value = [value[i] for i in places]
    return map_leaves(value, leaf)


def _number(value: Any, motion: Motion) -> Any:
    if value == np.round(value) or not np.isfinite(value):
        return value
    return type(value)(motion(np.array([value]))[0])


def _array(values: Array, motion: Motion, random: np.random.Generator) -> Array:
    if values.dtype.kind not in "biufc" or values.size < 2:
        return _moved(values, motion) if values.dtype.kind in "fc" else values.copy()
    symmetric = _is_symmetric(values)
    if random.random() < 0.5 and not _is_sorted(values):
        values = _reordered(values, symmetric, random)
    if values.dtype.kind not in "fc" or _is_whole(values):
        return values.copy()
    moved = _moved(values, motion)
    if _is_sorted(values):
        order = np.sort(moved)
        moved = order if values[-1] > values[0] else order[::-1]
    elif _has_both_signs(values) and not symmetric and random.random() < 0.5:
        moved = -moved
    return moved.astype(values.dtype)


def _moved(values: Array, motion: Motion) -> Array:
    if _is_whole(values):
        return values.copy()
    known = np.isfinite(values)
    moved = values.copy()
    moved[known] = motion(values[known])
    return moved


def _reordered(values: Array, symmetric: bool, random: np.random.Generator) -> Array:
    """Put elements of a vector, or rows of a matrix, in another order; of both sides if need be."""
    places = random.permutation(len(values))
    return values[np.ix_(places, places)] if symmetric else values[places]


def _is_sorted(values: Array) -> bool:
    if values.ndim != 1 or values.dtype.kind == "c":
        return False
    steps = np.diff(values.astype(float))
    return bool((steps >= 0).all() or (steps <= 0).all())


def _is_symmetric(values: Array) -> bool:
    square = values.ndim == 2 and values.shape[0] == values.shape[1]
    return square and np.array_equal(values, values.T.conj(), equal_nan=values.dtype.kind in "fc")


def _has_both_signs(values: Array) -> bool:
    return values.dtype.kind == "f" and bool((values > 0).any() and (values < 0).any())


def _text(text: str, random: np.random.Generator) -> str:
    """Exchange letters for other letters of a text, and digits for digits."""
    if random.random() < 0.5:
        return text
    found = list(text)
    for kind in (str.isdigit, str.isupper, str.islower):
        places = [i for i, one in enumerate(text) if kind(one)]
        for place, other in zip(places, random.permutation(places), strict=True):
            found[place] = text[other]
    return "".join(found)
