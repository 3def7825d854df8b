"""Octave's values in the form of the port's own, and laid beside them turn by turn."""

import numpy as np
import pytest

from lockstep.explain.forms import (
    NoFormError,
    aligned,
    as_integers,
    in_form_of,
    is_same_stream,
    is_whole_number,
    one_less,
)
from lockstep.explain.numbers import Stream

COLUMN = np.array([[1.0], [2.0], [3.0]])
GRID = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])


def cell(*items):
    made = np.empty((1, len(items)), dtype=object)
    made[0, :] = items
    return made


# Forms


@pytest.mark.parametrize(
    ("own", "octave", "formed"),
    [
        (np.zeros(3), COLUMN, np.array([1.0, 2.0, 3.0])),
        (np.zeros((1, 3)), COLUMN, np.array([[1.0, 2.0, 3.0]])),
        (np.zeros(2), COLUMN, np.array([1.0, 2.0, 3.0])),
        (np.zeros((2, 2)), GRID, GRID),
        (np.zeros((3, 2)), GRID, np.array([[1.0, 5.0], [4.0, 3.0], [2.0, 6.0]])),
        (np.zeros(3, dtype=int), COLUMN, np.array([1, 2, 3])),
        (np.zeros(3, dtype=int), COLUMN / 2, np.array([0.5, 1.0, 1.5])),
        (np.zeros(3, dtype=bool), COLUMN - 1, np.array([False, True, True])),
        (np.zeros(3, dtype=np.float32), COLUMN, np.array([1, 2, 3], np.float32)),
        (np.zeros(1), np.array([[1j]]), np.array([1j])),
        (0.0, np.array([[2.0]]), 2.0),
        (0.0, 2.0, 2.0),
        (0, 2.0, 2),
        (0, 2.5, 2.5),
        (0, 1j, 1j),
        (False, 1.0, True),
        (np.int8(0), 300.0, 300),
        (np.int8(0), 3.0, np.int8(3)),
        (np.float32(0), 0.5, np.float32(0.5)),
        (0.0, COLUMN, np.array([1.0, 2.0, 3.0])),
        (0.0, GRID, GRID),
        ("a", "b", "b"),
        ([0, 0], COLUMN, [1, 2, 3]),
        ([0.0], COLUMN, [1.0, 2.0, 3.0]),
        ((0.0, 0.0), np.array([[1.0, 2.0]]), (1.0, 2.0)),
        ([[0, 0, 0], [0, 0, 0]], GRID, [[1, 2, 3], [4, 5, 6]]),
        ([np.zeros(2), np.zeros(1)], cell(np.ones((1, 2)), 3.0), [np.ones(2), np.array([3.0])]),
        (["a"], cell("b", "c"), ["b", "c"]),
        ({"a": 0}, {"a": 2.0, "b": 3.0}, {"a": 2}),
        ({"a": 0, "own": 1}, {"a": 2.0}, {"a": 2, "own": 1}),
        (range(3), COLUMN, [1, 2, 3]),
        (None, 2.0, 2.0),
    ],
)
def test_a_value_takes_the_form_of_the_ports_own(own, octave, formed):
    found = in_form_of(own, octave)
    assert type(found) is type(formed)
    np.testing.assert_equal(found, formed)
    if isinstance(formed, (np.ndarray, np.generic)):
        assert found.dtype == formed.dtype


@pytest.mark.parametrize(
    ("own", "octave"),
    [
        ("a", 1.0),
        (1.0, "a"),
        ({"a": 1}, 1.0),
        (1.0, {"a": 1}),
        (np.zeros((2, 3, 4)), COLUMN),
        (np.array([object()]), 1.0),
        (len, 1.0),
        (1.0, len),
        (True, 2.5),
        (range(3), np.array([[np.nan]])),
        ([], cell(1.0)),
        (1.0, cell(1.0, 2.0)),
    ],
)
def test_a_value_without_such_a_form_is_refused(own, octave):
    with pytest.raises(NoFormError):
        in_form_of(own, octave)


def test_the_value_is_a_copy():
    octave = np.array([1.0, 2.0])
    in_form_of(np.zeros(2), octave)[0] = 9
    assert octave[0] == 1


# Turn by turn


@pytest.mark.parametrize(
    ("port", "octave", "ways"),
    [
        ([1.0, 2.0], [3.0, 4.0], [[3.0, 4.0]]),
        ([np.zeros(3)], [1.0, 2.0, 3.0], [[[1, 2, 3]], [3.0], [1.0, 2.0, 3.0]]),
        ([0.0, 0.0], [np.array([[1.0, 2.0]])], [[[1], [2]], [[[1, 2]], [[1, 2]]]]),
        ([0.0], [1.0, 2.0], [[2.0], [1.0, 2.0]]),
        ([0.0, 0.0], [5.0], [[5.0, 5.0]]),
        ([0.0, 0.0], [1.0, 2.0, 3.0, 4.0], [[1.0, 2.0, 3.0, 4.0], [2.0, 4.0]]),
        ([0.0, 0.0, 0.0], [1.0, 2.0], [[1.0, 2.0, 2.0]]),
    ],
    ids=["each", "gathered", "dealt out", "last or first", "the same", "fewer", "more"],
)
def test_the_ways_to_lay_octaves_values_beside_the_ports(port, octave, ways):
    found = [
        [np.asarray(v).tolist() for v in way] for way in aligned(Stream(0, port), Stream(0, octave))
    ]
    assert found == ways


def test_an_array_is_dealt_out_in_both_memory_orders():
    port = Stream(0, [np.zeros(3), np.zeros(3)])
    ways = [np.array(way).tolist() for way in aligned(port, Stream(0, [GRID]))][:2]
    assert ways == [[[1, 4, 2], [5, 3, 6]], [[1, 2, 3], [4, 5, 6]]]


def test_a_matrix_that_lies_the_other_way_is_turned_at_every_turn():
    port = Stream(0, [np.zeros((3, 2)), np.zeros((3, 2))])
    first, second = (np.array(way).tolist() for way in aligned(port, Stream(0, [GRID])))
    assert first == [GRID.T.tolist()] * 2
    assert second == [GRID.tolist()] * 2


def test_a_stream_that_would_change_nothing_is_the_same():
    stream = Stream(0, [1.0, np.array([2.0, 3.0])])
    assert is_same_stream(stream, [np.array([[1.0]]), np.array([[2.0], [3.0]])])
    assert not is_same_stream(stream, [1.0, np.array([2.0, 4.0])])
    assert not is_same_stream(stream, [1.0, len])


# Indices


@pytest.mark.parametrize(
    ("port", "octave", "less"),
    [
        ([0], [1.0], [0]),
        ([np.array([0, 1])], [np.array([[1.0, 2.0]])], [[[0, 1]]]),
        ([[0, 1]], [np.array([1.0, 2.0])], [[0, 1]]),
        ([0.0], [1.0], None),
        ([True], [1.0], None),
        ([0], [1.5], None),
    ],
)
def test_indices_count_from_0_where_the_ports_own_are_whole_by_class(port, octave, less):
    found = one_less(Stream(0, port), octave)
    assert (found and [np.asarray(v).tolist() for v in found]) == less


@pytest.mark.parametrize(
    ("port", "octave", "integers"),
    [([2.5], [3.0], [3]), ([2.5], [3.5], None), ([2], [3.0], None), ([2.5], [COLUMN], None)],
)
def test_integers_stand_for_floats_alone(port, octave, integers):
    found = as_integers(Stream(0, port), octave)
    assert found == integers
    assert found is None or [type(in_form_of(port[0], one)) for one in found] == [int]


def test_a_whole_number_is_one_by_its_class():
    assert is_whole_number(3)
    assert is_whole_number(np.int8(3))
    assert not is_whole_number(3.0)
    assert not is_whole_number(True)
    assert not is_whole_number(np.array([3]))
