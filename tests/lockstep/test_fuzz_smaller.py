"""A failing input is made small in steps, and stays like the cases after which it was made."""

import numpy as np
import pytest
import scipy.sparse

from lockstep.fuzz.places import elements, places
from lockstep.fuzz.profiles import profiles
from lockstep.fuzz.smaller import cost, smaller
from lockstep.project.cases import Case, Function, row

RNG = np.random.default_rng(1)
SYMMETRIC = RNG.normal(size=(4, 4)) + RNG.normal(size=(4, 4)).T
SYMMETRIC += SYMMETRIC.T


def smallest(fails, *args, cases=None):
    """Take the smallest that fails of each step, as long as there is one."""
    (profile,) = profiles(cases or {"own": Case(*args)})
    found = args
    while steps := [one for one in smaller(found, profile, 0) if fails(*one)]:
        found = min(steps, key=cost)
    return found


def test_what_does_not_matter_goes():
    x = RNG.normal(size=60)
    x[17] = np.nan
    (found,) = smallest(lambda x: np.isnan(x).any() and x.size > 1, x)
    assert np.isnan(found).sum() == 1
    assert len(found) == 2


def test_numbers_get_simple():
    (found,) = smallest(lambda x: np.any(x > 2), np.array([0.25, 2.7182818, -1.5]))
    assert found.tolist() == [3.0] or found.tolist() == [2.7182818]


def test_what_is_as_long_is_cut_together_and_counted():
    x, y, n = RNG.normal(size=(9, 3)), RNG.normal(size=9), 9.0
    found = smallest(lambda x, y, n: len(x) == len(y) == n and len(x) > 3, x, y, n)
    assert [np.shape(one) for one in found] == [(4, 0), (4,), ()]
    assert found[2] == 4


def test_a_sign_of_a_whole_number_stays():
    (found,) = smallest(lambda x: np.any(x == 7), np.array([1.0, 7, 4, 4, 4]))
    assert found.tolist() == [7.0]


@pytest.mark.parametrize(
    ("args", "holds"),
    [
        pytest.param((SYMMETRIC,), lambda x: np.array_equal(x, x.T), id="symmetric"),
        pytest.param((np.array([0.5, 1, 2.5, 4]),), lambda x: np.all(np.diff(x) > 0), id="rising"),
        pytest.param((np.array([3.0, 9, 12]),), lambda x: np.all(x == np.rint(x)), id="whole"),
        pytest.param((np.array([0.5, 1.5]),), lambda x: np.all(x > 0), id="positive"),
        pytest.param((row([1.0, 2.0]),), lambda x: np.ndim(x.vector) == 1, id="a row"),
        pytest.param((np.array([1, 250], np.uint8),), lambda x: x.dtype == np.uint8, id="class"),
        pytest.param((scipy.sparse.csc_array(np.eye(3)),), scipy.sparse.issparse, id="sparse"),
        pytest.param((np.array([1 + 2j, 3]),), np.iscomplexobj, id="complex"),
    ],
)
def test_every_step_stays_like_the_cases(args, holds):
    (profile,) = profiles({"own": Case(*args)})
    steps = list(smaller(args, profile, 0))
    assert steps
    assert all(holds(*one) for one in steps)
    assert all(cost(one) < cost(args) for one in steps)


def test_labels_stay_below_the_number_of_kinds():
    cases = {
        str(k): Case(np.arange(1.0, k + 1), float(k), RNG.normal(size=(k, 2))) for k in (3, 5, 4)
    }
    args = cases["3"].args
    (profile,) = profiles(cases)
    assert profile.values[(0,)].bound is not None
    for labels, _, matrix in smaller(args, profile, 0):
        assert max(labels, default=0) <= max(len(matrix), 3)


def test_functions_and_texts_are_left_alone():
    args = ("fast", Function("f"), np.arange(4.0))
    (profile,) = profiles({"own": Case(*args)})
    assert all(one[:2] == args[:2] for one in smaller(args, profile, 0))
    assert all(elements(value) is None for _, value in places(args)[:2])
