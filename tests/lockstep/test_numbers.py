"""Any value as a row of numbers, and what is found by it."""

from collections import deque

import numpy as np
import pytest
import scipy.sparse

from lockstep.explain.numbers import Stream, is_telling, numbers, one_more, same_numbers
from lockstep.model.values import StructArray

# Values as numbers


@pytest.mark.parametrize(
    ("value", "flat", "shape"),
    [
        (3, [3], ()),
        (True, [1], ()),
        (np.float32(0.5), [0.5], ()),
        (1 + 2j, [1 + 2j], ()),
        (np.array([[1, 2], [3, 4]]), [1, 3, 2, 4], (2, 2)),
        (np.array([[1, 2, 3]]), [1, 2, 3], (3,)),
        (np.array([[[1]], [[2]]]), [1, 2], (2,)),
        (np.array([[1, 2], [3, 4]]).view(np.matrix), [1, 3, 2, 4], (2, 2)),
        (np.array(5.0), [5], ()),
        (np.array([True, False]), [1, 0], (2,)),
        (np.array([1 + 0j, 2]), [1, 2], (2,)),
        (np.zeros((0, 3)), [], (0, 3)),
        ([1, 2.5], [1, 2.5], (2,)),
        ((1, (2, 3)), [1, 2, 3], (3,)),
        ([[1, 2], [3, 4]], [1, 3, 2, 4], (2, 2)),
        ([[1, 2], [3]], [1, 2, 3], (3,)),
        ([], [], (0,)),
        (range(3), [0, 1, 2], (3,)),
        (range(10, 2, -3), [10, 7, 4], (3,)),
        ("ab", [97, 98], (2,)),
        (np.array(["a", "b"]), [97, 98], (2,)),
        (np.array(["a", "\0"]), [97, 0], (2,)),
        (["a", "bc"], [97, -1, 98, 99, -1], (5,)),
        (["abc"], [97, 98, 99, -1], (4,)),
        ({3, 1}, [1, 3], (2,)),
        (deque([2, 1]), [2, 1], (2,)),
        (None, [], (0,)),
        ([None, None], [-9876543, -9876543], (2,)),
        ([[], 2.5], [-9876543, 2.5], (2,)),
        ({"b": 2, "a": 1}, [1, 2], (2,)),
        (StructArray([{"a": 1}, {"a": 2}], (1, 2)), [1, 2], (2,)),
        (scipy.sparse.csr_array([[0, 1], [2, 0]]), [0, 2, 1, 0], (2, 2)),
        (np.ma.array([1, 2], mask=[0, 1]), [1, np.nan], (2,)),
        (np.array([1, "ab"], dtype=object), [1, -1, 97, 98, -1], (5,)),
    ],
    ids=repr,
)
def test_a_value_is_one_row_of_numbers_column_by_column_and_a_shape(value, flat, shape):
    found = numbers(value)
    np.testing.assert_array_equal(found.flat, flat)
    assert found.shape == shape


@pytest.mark.parametrize(
    "value", [len, object(), [1, len], {"a": len}, {1, "a"}, 10**400, np.datetime64(1, "D")]
)
def test_what_holds_no_numbers_has_none(value):
    assert numbers(value) is None


def test_the_numbers_row_by_row_are_kept_where_that_is_another_order():
    assert numbers(np.array([[1, 2], [3, 4]])).rows.tolist() == [1, 2, 3, 4]
    assert numbers(np.array([[1, 2, 3]])).rows is None


def test_names_are_sorted_without_regard_to_case_and_underscores():
    assert numbers({"max_value": 1, "MinValue": 2}).flat.tolist() == [1, 2]
    assert numbers({"maxValue": 1, "min_value": 2}).flat.tolist() == [1, 2]


# What tells something


@pytest.mark.parametrize(
    ("values", "tells"),
    [
        ([0.1], True),
        ([3], False),
        ([0.25], False),
        ([np.inf], False),
        ([], False),
        ([1, 2, 3], False),
        ([1, 2, 3, 4], True),
        ([1, 0] * 50, False),
        ([0.5, 1.5], False),
        ([0.5, 0.1], True),
        ([np.nan, 0.1], True),
        ([1 + 2j], False),
        ([0.1 + 2j], True),
    ],
)
def test_small_whole_numbers_and_simple_fractions_tell_little(values, tells):
    assert (
        is_telling(np.array(values, dtype=complex if np.iscomplexobj(values) else float)) is tells
    )


# The same but for rounding


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ([1.0], [1.0 + 1e-14], True),
        ([1.0], [1.0 + 1e-9], False),
        ([1.0, 1e-16], [1.0, 0.0], True),
        ([1.0, 1e-9], [1.0, 0.0], False),
        ([np.nan, 1], [np.nan, 1], True),
        ([np.nan], [1], False),
        ([np.inf], [np.inf], True),
        ([np.inf], [-np.inf], False),
        ([], [], True),
        ([1], [1, 1], False),
        ([1 + 1j], [1 - 1j], False),
        ([1 + 0j], [1], True),
    ],
)
def test_numbers_are_the_same_but_for_rounding(one, other, same):
    assert same_numbers(np.array(one), np.array(other)) is same
    assert same_numbers(np.array(other), np.array(one)) is same


def test_what_nudged_runs_measured_is_allowed():
    one, other = np.array([1.0, 2.0]), np.array([1.0, 2.001])
    assert not same_numbers(one, other)
    assert same_numbers(one, other, np.array([0, 0.01]))
    assert not same_numbers(one, other, np.array([0.01, 0]))


# Looking up


# Streams


def test_a_stream_joins_the_values_of_a_site():
    stream = Stream(0, [np.array([[1, 2], [3, 4]]), 5])
    assert stream.flat.tolist() == [1, 3, 2, 4, 5]
    assert stream.rows.tolist() == [1, 2, 3, 4, 5]
    assert stream.sizes == [4, 1]
    assert stream.is_known
    assert len(stream.orders) == 2
    assert stream.is_telling


def test_a_stream_with_a_value_that_has_no_numbers_is_not_known():
    assert not Stream(0, [1, len]).is_known


def test_an_empty_stream():
    stream = Stream(0, [])
    assert (stream.flat.size, stream.rows, stream.is_telling) == (0, None, False)


def test_places_that_count_from_0_are_those_that_count_from_1_but_for_holes():
    own = numbers([np.array([0, 1]), np.array([], int), np.array([2, 5])])
    octave = numbers([np.array([1.0, 2.0]), np.zeros((1, 0)), np.array([3.0, 6.0])])
    assert same_numbers(one_more(own.flat), octave.flat)
