"""Numbers are found by what they hold."""

import numpy as np
import pytest

from lockstep.explain.lookup import Index, print_of

VALUES = [
    np.array([0.1, 0.2]),
    np.array([0.2, 0.1]),
    np.array([0.1]),
    np.array([0.0]),
    np.array([-0.1, 0.1]),
    np.array([np.nan, np.inf]),
    np.array([1 + 2j, 3]),
    np.array([1 - 2j, 3]),
    np.array([]),
    np.array([1e300, -1e300]),
    np.array([1e-300]),
]


@pytest.fixture
def index():
    made = Index()
    for key, value in enumerate(VALUES):
        made.add(value, key)
    return made


@pytest.mark.parametrize("key", range(len(VALUES)))
def test_a_value_is_found_by_what_it_holds(index, key):
    assert index.find(VALUES[key].copy()) == [key]
    assert index.find(VALUES[key] * (1 + 1e-14)) == [key]


def test_a_value_that_differs_by_more_than_rounding_is_not_found(index):
    assert index.find(np.array([0.1001, 0.2])) == []
    assert index.find(np.array([0.101, 0.2]), np.array([0.01, 0])) == [0]


def test_the_first_that_was_added_is_found_first():
    index = Index()
    for key in (4, 2):
        index.add(VALUES[0].copy(), key)
    assert index.find(VALUES[0]) == [4, 2]
    assert index.first(VALUES[0]) == 4
    assert index.first(VALUES[1]) == -1


def test_numbers_that_cancel_in_their_print_are_found():
    index = Index()
    weights = np.sin(np.arange(1, 3) * 1.2345 + 0.5)
    value = np.array([1 / weights[0], -1 / weights[1]])
    index.add(value, 7)
    assert abs(print_of(value)[0]) < 1e-12
    assert index.find(value * (1 + 1e-15)) == [7]
