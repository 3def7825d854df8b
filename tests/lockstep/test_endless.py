"""What LAPACK would never end is an error; all else is as it was."""

import numpy as np
import pytest

from lockstep.sides.alarm import within
from lockstep.sides.endless import only_finite_decompositions

A = np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 7.0]])
B = np.array([1.0, 2.0, 4.0])


@pytest.mark.parametrize(
    "ask",
    [
        lambda x: np.linalg.lstsq(x, B, rcond=None),
        lambda x: np.linalg.lstsq(A, x[:, 0], rcond=None),
        lambda x: np.polyfit(B, x[:, 0], 1),
        np.linalg.svd,
        np.linalg.pinv,
        np.linalg.matrix_rank,
    ],
    ids=["matrix", "right side", "polyfit", "svd", "pinv", "rank"],
)
@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_numbers_that_are_not_finite_are_an_error(ask, value):
    x = A.copy()
    x[1, 0] = value
    with only_finite_decompositions(), pytest.raises(np.linalg.LinAlgError):
        ask(x)


def test_finite_numbers_are_solved_as_before():
    before = np.linalg.lstsq(A, B, rcond=None)[0]
    with only_finite_decompositions():
        assert np.array_equal(np.linalg.lstsq(A, B, rcond=None)[0], before)


def test_finite_singular_values_are_as_before():
    before = np.linalg.svd(A, full_matrices=False)
    with only_finite_decompositions():
        after = np.linalg.svd(A, full_matrices=False)
    assert all(np.array_equal(one, two) for one, two in zip(before, after, strict=True))


def test_afterwards_all_is_as_it_was():
    kernel = np.linalg._umath_linalg.lstsq
    with only_finite_decompositions():
        assert np.linalg._umath_linalg.lstsq is not kernel
    assert np.linalg._umath_linalg.lstsq is kernel


def test_an_alarm_brings_it_along():
    with within(60.0), pytest.raises(np.linalg.LinAlgError):
        np.linalg.lstsq(A * np.nan, B, rcond=None)
