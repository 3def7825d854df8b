"""Arguments like those of a case: what moves in them, and what stays."""

import numpy as np
import pytest

from lockstep import Case, Function, row
from lockstep.explain.varied import near, varied, wider

RANDOM = [np.random.default_rng(seed) for seed in range(20)]

NOISE = np.array([0.5, -1.25, 2.75, 0.5, 0.0])
LABELS = np.array([3.0, 1.0, 2.0, 2.0])
EDGES = np.array([0.0, 0.5, 1.5, 4.25])
SYMMETRIC = np.array([[2.5, 0.5, 0.25], [0.5, 3.5, 1.5], [0.25, 1.5, 4.5]])


def drawn(*args, **options):
    """Return the first argument of cases like one."""
    return [varied(Case(*args, **options), random).args[0] for random in RANDOM]


@pytest.mark.parametrize(
    "value",
    [3, 3.0, True, None, np.array([2.5]) * 0, np.array(7), Function("f"), np.array([], int)],
    ids=str,
)
def test_sizes_and_switches_stay(value):
    assert all(np.array_equal(one, value) or one is value for one in drawn(value))


def test_measured_numbers_move_and_are_no_larger():
    found = drawn(2.5)
    assert len(set(found)) > 10
    assert all(1.5 < one <= 2.5 * 1.05 for one in found)


def test_equal_elements_stay_equal_and_zeros_zero():
    for one in drawn(NOISE):
        values, counts = np.unique(one, return_counts=True)
        assert sorted(counts) == [1, 1, 1, 2]
        assert 0.0 in values


def test_whole_numbers_change_places_only():
    found = drawn(LABELS)
    assert all(sorted(one) == sorted(LABELS) for one in found)
    assert any(not np.array_equal(one, LABELS) for one in found)


def test_what_is_sorted_stays_sorted():
    assert all((np.diff(one) >= 0).all() for one in drawn(EDGES))
    assert all((np.diff(one) <= 0).all() for one in drawn(EDGES[::-1]))


def test_what_is_symmetric_stays_symmetric():
    assert all(np.array_equal(one, one.T) for one in drawn(SYMMETRIC))


def test_nan_stays_and_the_class_too():
    single = np.array([0.5, np.nan, 2.5, 7.25], np.float32)
    for one in drawn(single):
        assert one.dtype == np.float32
        assert np.isnan(one).sum() == 1


def test_letters_are_exchanged_for_others_of_the_text():
    found = drawn("Ab-12")
    assert {len(one) for one in found} == {5}
    assert all(one[2] == "-" and one[0].isupper() and one[3:].isdigit() for one in found)
    assert any(one != "Ab-12" for one in found)


def test_values_in_lists_and_dicts_move_and_rows_stay_rows():
    case = varied(Case({"x": [NOISE, 0.5]}, row(NOISE), seed=3, nargout=1), RANDOM[0])
    assert (case.seed, case.nargout) == (3, 1)
    assert case.args[0]["x"][0].shape == (5,)
    assert case.args[1].vector.shape == (5,)


def test_the_same_random_numbers_give_the_same_arguments():
    one, other = (varied(Case(NOISE), np.random.default_rng(5)).args[0] for _ in range(2))
    assert np.array_equal(one, other)


def test_no_argument_of_the_case_itself_is_changed():
    value = NOISE.copy()
    for random in RANDOM:
        varied(Case(value), random)
    assert np.array_equal(value, NOISE)


def test_a_case_that_stays_near_is_stretched_by_a_factor_for_each_argument():
    args = (NOISE, 2.5, LABELS, "text", row(EDGES))
    found = near(Case(*args), 3)
    pairs = [(NOISE, found.args[0]), ([2.5], [found.args[1]]), (EDGES, found.args[4].vector)]
    for before, after in pairs:
        factor = after[0] / before[0] if before[0] else after[1] / before[1]
        np.testing.assert_allclose(after, np.multiply(before, factor), rtol=1e-15)
        assert 0.9 <= factor <= 1.1
    assert found.args[2] is LABELS
    assert found.args[3] == "text"


def test_no_case_is_near_one_without_measured_numbers():
    assert near(Case(LABELS, 3.0, "text"), 0) is None


def test_wider_cases_have_another_size_each():
    found = [one.args for one in wider(Case(NOISE, 3.0, 0.5, 1, True, 0))]
    assert all(one[0] is NOISE and one[2:3] + one[4:] == (0.5, True, 0) for one in found)
    assert [one[1] for one in found] == [4.0, 3.0, 2.0, 5.0, 3.0, 1.0, 6.0, 3.0, 7.0, 3.0]
    assert [one[3] for one in found] == [1, 2, 1, 1, 3, 1, 1, 2, 1, 3]
