"""What inputs are made after: how sizes hang together, and what values are like."""

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings

from lockstep.fuzz.decoding import decoded
from lockstep.fuzz.places import Form, elements, places, replaced
from lockstep.fuzz.plants import number_of_changes, planted
from lockstep.fuzz.profiles import Values, profiles
from lockstep.fuzz.relations import relations
from lockstep.fuzz.strategies import inputs
from lockstep.model.values import Row
from lockstep.project.cases import Case, Function, row

OBSERVED = {
    "the same": ({"a": [3, 5, 2], "b": [3, 5, 2]}, {"b": {2: 2, 7: 7}}),
    "one more": ({"a": [3, 5, 2], "b": [4, 6, 3]}, {"b": {2: 3, 7: 8}}),
    "one less": ({"a": [3, 5, 2], "b": [2, 4, 1]}, {"b": {2: 1, 0: 0}}),
    "a square": ({"a": [3, 5, 2], "b": [9, 25, 4]}, {"b": {4: 16}}),
    "a constant": ({"a": [3, 5, 2], "b": [1, 1, 1]}, {"b": {4: 1}}),
    "the same in one case": ({"a": [3], "b": [3]}, {"b": {4: 4}}),
}


@pytest.mark.parametrize("name", OBSERVED)
def test_a_size_that_follows_from_another(name):
    observed, expected = OBSERVED[name]
    found = relations(observed)
    assert found.free == ["a"]
    for key, values in expected.items():
        for chosen, value in values.items():
            assert found.completed({"a": chosen})[key] == value


def test_a_product_of_two_sizes():
    found = relations({"m": [2, 3, 5], "n": [4, 1, 7], "p": [8, 3, 35]})
    assert found.free == ["m", "n"]
    assert found.completed({"m": 6, "n": 9})["p"] == 54


def test_unrolled_parameters_of_two_layers():
    rng = np.random.default_rng(1)
    i, h, o = rng.integers(1, 9, (3, 6))
    found = relations({"i": i, "h": h, "o": o, "p": h * (i + 1) + o * (h + 1)})
    assert found.free == ["i", "h", "o"]
    assert found.completed({"i": 10, "h": 20, "o": 30})["p"] == 20 * 11 + 30 * 21


@pytest.mark.parametrize(
    "observed",
    [
        pytest.param({"a": [3, 5, 2], "b": [1, 7, 9]}, id="nothing in common"),
        pytest.param({"a": [1], "b": [0]}, id="one case, too small to tell"),
        pytest.param({"a": [2, 3], "b": [6, 12]}, id="a product in too few cases"),
    ],
)
def test_a_size_that_follows_from_nothing_is_free_or_as_it_was(observed):
    found = relations(observed)
    assert all(not formula.products for formula in found.formulas.values())


def _profile(*cases):
    found = profiles({str(i): case for i, case in enumerate(cases)})
    assert len(found) == 1
    return found[0]


def _values(*arrays):
    return _profile(*(Case(one) for one in arrays)).values[(0,)]


def test_what_values_are_like():
    rising = [np.array([1.0, 2.5, 4.0]), np.array([0.0, 3.0])]
    assert _values(*rising).rising == "strictly"
    assert _values(np.array([1.0, 1.0, 4.0])).rising == "sorted"
    assert _values(np.array([1.0, 1.0, 0.0])).rising == ""
    assert _values(np.array([1.5, 2.0])).whole is False
    assert _values(np.array([1.0, np.nan]), np.array([4.0])).whole is True
    assert _values(np.array([1.0, 3.0]), np.array([7.0])).ranges == ((1.0, 3.0), (7.0, 7.0))
    assert _values(0.5, 3.0).ranges == ((0.5, 3.0), (0.5, 3.0))
    assert _values(-0.5).ranges == ((-1.0, -0.25),)
    assert _values(np.array([[1.0, 2], [2, 3]])).symmetric
    assert not _values(np.array([[1.0, 2], [4, 3]])).symmetric


def test_labels_are_bounded_by_what_counts_them():
    cases = [Case(np.array(y), k) for y, k in (([1.0, 3, 2], 3), ([4.0, 1], 4), ([2.0, 2], 5))]
    assert _profile(*cases).values[(0,)].bound == (1,)


def test_cases_are_sorted_by_kind_and_those_that_fail_left_out():
    found = profiles(
        {
            "column": Case(np.zeros(3), 2),
            "longer": Case(np.ones(5), 1),
            "row": Case(row([1.0]), 2),
            "single": Case(np.zeros(3, np.float32), 2),
            "an error": Case("x", 2, raises="f:x"),
            "nothing to change": Case(None, Function("f")),
        }
    )
    assert [list(one.cases) for one in found] == [["column", "longer"], ["row"], ["single"]]


def test_places_below_structs_and_cells():
    args = ({"a": np.eye(2), "b": ["x", 3]}, Function("f"))
    assert [(place.path, place.form) for place, _ in places(args)] == [
        ((0, "a"), Form.MATRIX),
        ((0, "b", 0), Form.TEXT),
        ((0, "b", 1), Form.SCALAR),
        ((1,), Form.FIXED),
    ]
    changed = replaced(args, {(0, "b", 1): 4})
    assert changed[0]["b"] == ["x", 4]
    assert args[0]["b"] == ["x", 3]


# Bytes


def test_small_bytes_are_simple_numbers_and_large_ones_have_all_their_digits():
    drawn = np.arange(256, dtype=np.uint8)
    numbers = decoded(drawn, Values(), -3.0, 9.0)
    assert numbers[:5].tolist() == [0, 1, 2, -1, 3]
    assert np.all((numbers >= -3) & (numbers <= 9))
    assert len(np.unique(numbers[64:])) == 192


@pytest.mark.parametrize(
    ("values", "low", "high"),
    [
        (Values(whole=True), 1.0, 4.0),
        (Values(whole=True), 100.0, 300.0),
        (Values(whole=True), -2.0, -2.0),
        (Values(), 0.25, 0.3),
        (Values(), -1e308, 1e308),
    ],
)
def test_numbers_stay_in_the_range_and_whole(values, low, high):
    numbers = decoded(np.arange(256, dtype=np.uint8), values, low, high)
    assert np.all((numbers >= low) & (numbers <= high))
    assert np.all(np.isfinite(numbers))
    assert not values.whole or np.all(numbers == np.rint(numbers))


@pytest.mark.parametrize("whole", [True, False])
def test_numbers_that_rise(whole):
    drawn = np.array([7, 0, 200, 3, 3], dtype=np.uint8)
    assert np.all(np.diff(decoded(drawn, Values(whole=whole, rising="strictly"), 1.0, 9.0)) > 0)
    assert np.all(np.diff(decoded(drawn, Values(whole=whole, rising="sorted"), 1.0, 9.0)) >= 0)


# Plants


@pytest.mark.parametrize(
    "value",
    [
        *(2.5, 3, True, 1j, np.float32(2), np.int8(3), "text", "", np.zeros((0, 3))),
        *(np.arange(4.0), row([1.0, 2.0]), np.arange(6.0).reshape(2, 3), np.array([[1j, 2]])),
        *(np.array([1, 2], np.uint8), np.array([[True, False]]), np.arange(8.0).reshape(2, 2, 2)),
    ],
    ids=repr,
)
def test_whatever_is_planted_stays_of_its_class(value):
    ((place, _),) = places([value])
    for which in range(number_of_changes(place)):
        for at in (0, 5):
            found = planted(place, value, which, at)
            if place.is_number:
                assert elements(found).dtype == elements(value).dtype


def _all_planted(value):
    ((place, _),) = places([value])
    return [planted(place, value, which, 0) for which in range(number_of_changes(place))]


def test_what_is_planted():
    found = _all_planted(np.arange(1.0, 7).reshape(3, 2))
    flat = np.concatenate([np.ravel(one) for one in found])
    assert np.isnan(flat).any()
    assert {np.inf, -np.inf, 0.5} <= set(flat.tolist())
    assert {(1, 1), (0, 2), (2, 3), (2, 2)} <= {np.shape(one) for one in found}
    assert any(
        np.shape(one) == (3, 2) and np.linalg.matrix_rank(one) == 1
        for one in found
        if np.all(np.isfinite(one))
    )
    ends = np.concatenate([np.ravel(one) for one in _all_planted(np.array([1, 2], np.int8))])
    assert {127, -128} <= set(ends.tolist())


# Inputs


def _drawn(cases, batches=3):
    found = []

    @settings(
        max_examples=20,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(inputs(profiles(cases)))
    def draw(example):
        found.extend(example)

    for number in range(batches):
        seed(number)(draw)()
    return found


def test_inputs_keep_the_relations_of_sizes_most_of_the_time():
    rng = np.random.default_rng(1)
    cases = {
        str(n): Case(rng.normal(size=(n, k)), rng.normal(size=k), rng.integers(1, k + 1, n) * 1.0)
        for n, k in ((3, 2), (7, 4), (5, 1))
    }
    found = _drawn(cases)
    fits = [
        np.shape(x) == (np.size(y), np.size(theta)) for x, theta, y in (one.args for one in found)
    ]
    assert np.mean(fits) > 0.5
    sizes = {np.shape(one.args[0]) for one in found}
    assert {(3, 2), (7, 4)} <= sizes
    assert any(0 in size for size in sizes)
    assert len(sizes) > 15


def test_inputs_are_drawn_again_from_the_same_seed():
    cases = {"a": Case(np.arange(3.0), "x"), "b": Case(np.arange(4.0), "y")}
    assert repr(_drawn(cases)) == repr(_drawn(cases))


def test_inputs_take_functions_texts_and_options_from_the_cases():
    cases = {
        "a": Case(np.eye(2), {"tol": 0.1, "mode": "fast"}, Function("f")),
        "b": Case(np.eye(3), {"tol": 0.2, "mode": "slow"}, Function("f")),
    }
    found = _drawn(cases)
    assert {type(one.args[2]) for one in found} == {Function}
    assert {"fast", "slow"} <= {one.args[1]["mode"] for one in found}
    assert len({one.args[1]["tol"] for one in found if np.ndim(one.args[1]["tol"]) == 0}) > 10


def test_a_large_case_does_not_make_large_inputs():
    found = _drawn({"large": Case(np.zeros((5000, 400)), np.zeros(400))}, 1)
    assert found
    assert max(np.size(one.args[0]) for one in found) < 1000


def test_rows_stay_rows():
    found = _drawn({"a": Case(row([1.0, 2.0, 4.0]))})
    assert sum(isinstance(one.args[0], Row) for one in found) > len(found) / 2
