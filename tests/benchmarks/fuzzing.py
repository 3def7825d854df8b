"""Arguments like those of a pair's cases, drawn by Hypothesis, and two ports that are given them.

A strategy is derived from the cases themselves: classes, sizes, whole numbers, zeros, NaN, sorted
and symmetric arrays stay what they are; measured numbers move, elements and rows change places,
letters of a text are exchanged for others of it.
"""

import copy
import warnings
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from lockstep.model.values import Row
from lockstep.project.cases import Case

EXAMPLES = 200
"""Inputs that each mend is tried on."""

FACTORS = st.floats(0.75, 1.0)
"""What measured numbers are multiplied by: what is between 0 and 1 stays there."""

Function = Callable[..., Any]


def arguments_like(cases: Sequence[Case]) -> st.SearchStrategy[tuple[Any, ...]]:
    """Draw the arguments of a case, moved."""
    usable = [case for case in cases if case.raises is None]
    return st.sampled_from(usable).flatmap(lambda case: st.tuples(*map(like, case.args)))


def like(value: Any) -> st.SearchStrategy[Any]:
    """Draw values of the same kind."""
    if isinstance(value, Row):
        return like(value.vector)
    if isinstance(value, np.ndarray):
        return _arrays(value)
    if isinstance(value, (float, complex)) and value != np.round(value) and np.isfinite(value):
        return FACTORS.map(lambda factor: value * factor)
    if isinstance(value, str):
        return _texts(value)
    if isinstance(value, dict):
        return st.fixed_dictionaries({key: like(one) for key, one in value.items()})
    if isinstance(value, list):
        return st.tuples(*map(like, value)).map(list)
    if isinstance(value, tuple) and type(value) is tuple:
        return st.tuples(*map(like, value))
    return st.just(value)


def _arrays(value: np.ndarray) -> st.SearchStrategy[np.ndarray]:
    if value.dtype.kind not in "biufc" or value.size < 2:
        return st.just(value)
    symmetric = _is_symmetric(value)
    sorted_ = value.ndim == 1 and _is_sorted(value)
    places = st.just(None) if sorted_ else st.none() | st.permutations(range(len(value)))
    whole = value.dtype.kind not in "fc" or np.array_equal(value, np.round(value), equal_nan=True)
    factors: st.SearchStrategy[Any] = st.just(None)
    if not whole:
        factors = hnp.arrays(np.float64, value.shape, elements=FACTORS)

    def moved(drawn: tuple[Any, Any]) -> np.ndarray:
        order, scale = drawn
        found = value.copy()
        if order is not None:
            found = found[np.ix_(order, order)] if symmetric else found[list(order)]
        if scale is not None:
            scale = (scale + scale.T) / 2 if symmetric else scale
            found = (found * scale).astype(value.dtype)
            if sorted_:
                found = np.sort(found) if value[-1] > value[0] else np.sort(found)[::-1]
        return found

    return st.tuples(places, factors).map(moved)


def _is_sorted(value: np.ndarray) -> bool:
    if value.dtype.kind == "c":
        return False
    steps = np.diff(value.astype(float))
    return bool((steps >= 0).all() or (steps <= 0).all())


def _is_symmetric(value: np.ndarray) -> bool:
    square = value.ndim == 2 and value.shape[0] == value.shape[1]
    return square and np.array_equal(value, value.T.conj(), equal_nan=value.dtype.kind in "fc")


def _texts(text: str) -> st.SearchStrategy[str]:
    kinds = [
        sorted({one for one in text if kind(one)})
        for kind in (str.isdigit, str.isupper, str.islower)
    ]

    def letters(one: str) -> st.SearchStrategy[str]:
        return next((st.sampled_from(kind) for kind in kinds if one in kind), st.just(one))

    return st.just(text) | st.tuples(*map(letters, text)).map("".join)


class _DifferError(AssertionError):
    """Two ports give different results."""


def difference(
    one: Callable[[], Function],
    other: Callable[[], Function],
    cases: Sequence[Case],
    same: Callable[[Any, Any], bool],
    examples: int = EXAMPLES,
) -> tuple[Any, ...] | None:
    """Find arguments for which two functions give different results; None where there are none.

    Parameters
    ----------
    one, other : callable
        Make the functions anew, so that nothing is kept between calls. Arguments that the first
        refuses are passed over.
    cases : sequence of Case
        What the arguments are to be like.
    same : callable
        Says whether two results are the same.
    examples : int
        How many arguments are tried; the difference that is returned is made as small as possible.
    """
    smallest: list[tuple[Any, ...]] = []

    @settings(
        max_examples=examples,
        database=None,
        derandomize=True,
        deadline=None,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )
    @given(arguments_like(cases))
    def compare(args: tuple[Any, ...]) -> None:
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            try:
                wanted = one()(*copy.deepcopy(args))
            except Exception:
                assume(False)
            try:
                found = other()(*copy.deepcopy(args))
            except Exception as error:
                found = error
        if isinstance(found, Exception) or not same(found, wanted):
            smallest[:] = [args]
            raise _DifferError

    try:
        compare()
    except _DifferError:
        return smallest[0]
    return None
