"""Large arrays that are changed part by part: kept once, and then what was changed."""

import pickle

import numpy as np
import pytest

from lockstep.explain.forms import in_form_of
from lockstep.explain.numbers import numbers
from lockstep.explain.tracing import Relation, compared
from lockstep.model.changed import LEAST, Changed, History, differing, since, whole
from lockstep.sides.versions import Versions

N = 10_000


def written(array, *changes):
    """Change an array place by place, and return what is kept of each version."""
    versions = Versions(2**30)
    kept = [versions.add(array, True)]
    for index, value in changes:
        array[index] = value
        kept.append(versions.look_at(array))
    return kept


@pytest.mark.parametrize(
    ("array", "index", "places"),
    [
        pytest.param(np.zeros(N), 7, [7], id="a vector"),
        pytest.param(np.zeros((N, 2)), (3, 1), [N + 3], id="row by row in memory"),
        pytest.param(np.zeros((N, 2), order="F"), (3, 1), [N + 3], id="column by column"),
        pytest.param(np.zeros((2, N)), (slice(None), 5), [10, 11], id="a column"),
        pytest.param(np.zeros(N, int), slice(2, 4), [2, 3], id="whole numbers"),
        pytest.param(np.zeros(N, complex), 1, [1], id="complex numbers"),
        pytest.param(np.zeros(2 * N)[::2], 3, [3], id="a part of another array"),
    ],
)
def test_a_version_is_what_was_changed(array, index, places):
    last = (0,) * array.ndim
    first, second, third = written(array, (index, 5), (last, 6))
    assert second.places.tolist() == places
    assert second.part.tolist() == [5] * len(places)
    assert third.places.tolist() == [0]
    assert np.array_equal(third.whole(), array)
    assert second.whole().flat[0] == 0
    assert not np.any(first)
    assert third.shape == array.shape


def test_what_changes_nothing_is_a_version_where_it_is_a_statement():
    array, versions = np.zeros(N), Versions(2**30)
    first = versions.add(array, True)
    assert versions.look_at(array) is first
    assert versions.look_at(array, again=True).places.size == 0


def test_nan_is_not_changed_by_nan():
    array = np.full(N, np.nan)
    _, second = written(array, (5, np.nan))
    _, third = written(array, (5, 1.0))
    assert isinstance(second, np.ndarray)
    assert third.places.tolist() == [5]


@pytest.mark.parametrize(
    ("size", "index"),
    [
        pytest.param(LEAST - 1, 0, id="a small array"),
        pytest.param(N, slice(0, N // 2), id="half of it"),
    ],
)
def test_what_is_small_or_much_changed_is_kept_whole(size, index):
    assert written(np.zeros(size), (index, 1.0))[1] is None


def test_a_change_beyond_the_limit_is_not_kept():
    versions = Versions(10 * N)
    array = np.zeros(N)
    versions.add(array, True)
    array[0] = 1
    assert versions.look_at(array) is None
    assert versions.add(array, True) is None


def test_differing_says_where():
    before, now = np.zeros((100, 100)), np.zeros((100, 100))
    now[1, 2] = 1
    assert differing(before, now).tolist() == [201]


@pytest.mark.parametrize(
    ("before", "now", "kept"),
    [
        pytest.param(np.zeros(N), np.ones(N), np.ndarray, id="all of it"),
        pytest.param(np.zeros(N), np.eye(1, N)[0], Changed, id="one element"),
        pytest.param(np.zeros(N + 1), np.eye(1, N)[0], np.ndarray, id="another size"),
        pytest.param("text", np.eye(1, N)[0], np.ndarray, id="something else before"),
    ],
)
def test_what_was_changed_since(before, now, kept):
    found = since(before, now)
    assert type(found) is kept
    assert np.array_equal(whole(found), now)


def test_many_versions_are_pickled():
    history = History(np.zeros(3))
    for k in range(5000):
        last = history.changed(np.array([k % 3]), np.array([1.0 * k]))
    assert pickle.loads(pickle.dumps(last)).whole().tolist() == last.whole().tolist()


# What is made of them


def changed(place, value):
    """Return a version of a large array of zeros, as Octave has it."""
    return History(np.zeros((N, 1))).changed(np.array([place]), np.array([value]))


@pytest.mark.parametrize(
    ("octave", "port", "relation"),
    [
        pytest.param(changed(3, 0.1), changed(3, 0.1), Relation.SAME, id="the same change"),
        pytest.param(changed(3, 0.1), changed(3, 0.2), Relation.DIFFERENT, id="another value"),
        pytest.param(changed(3, 0.1), changed(4, 0.1), Relation.DIFFERENT, id="another place"),
        pytest.param(changed(3, 0.1), np.eye(1, N, 3)[0] / 10, Relation.SAME, id="and a whole one"),
    ],
)
def test_versions_are_compared_by_what_was_changed(octave, port, relation):
    assert compared(octave, port).relation is relation


def test_a_version_is_looked_up_by_where_and_what():
    assert numbers(changed(3, 0.1)).flat.tolist() == [4.0, 0.1]


def test_a_version_takes_the_place_of_another():
    found = in_form_of(np.ones(N), changed(3, 0.1))
    assert (found.shape, found[3], found.sum()) == ((N,), 0.1, 0.1)


def test_whole_leaves_other_values_as_they_are():
    assert whole("text") == "text"
    assert isinstance(changed(0, 1.0), Changed)
