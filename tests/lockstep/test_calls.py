"""What tells one call from another, and one machine's numbers from another's."""

import numpy as np
import pytest
import scipy.sparse

from lockstep.model.values import UnsupportedValueError
from lockstep.oracles.calls import call_of, called_names, floats, like, shape_of, with_floats
from lockstep.project.cases import Case, Function, row

X = np.array([0.1, 0.2, 0.3])


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param(Case(1), Case(1.0), id="an int is a double in Octave"),
        pytest.param(Case(X), Case(X.reshape(3, 1)), id="a vector is a column"),
        pytest.param(Case(X), Case(X.astype(">f8")), id="another byte order"),
        pytest.param(Case([1.0, "a"]), Case((1.0, "a")), id="a list and a tuple are cells"),
        pytest.param(Case(None), Case(np.zeros((0, 0))), id="None is []"),
        pytest.param(Case(X, timeout=5), Case(X, ignore=(1,)), id="what Octave does not get"),
        pytest.param(
            Case(Function(octave="@sin", python=np.sin)),
            Case(Function(octave="@sin", python=np.cos)),
            id="the port's side of a handle",
        ),
    ],
)
def test_calls_are_the_same_if_octave_gets_the_same(one, other):
    assert call_of(one) == call_of(other)


@pytest.mark.parametrize(
    ("one", "other", "said"),
    [
        pytest.param(Case(X, 1), Case(X + 2.0**-54, 1), "argument 1 changed", id="a last bit"),
        pytest.param(Case(0.0), Case(-0.0), "argument 1 changed", id="the sign of zero"),
        pytest.param(Case(X), Case(row(X)), "argument 1 changed", id="a row"),
        pytest.param(Case(X), Case(X.astype("f4")), "argument 1 changed", id="the class"),
        pytest.param(Case("ab"), Case("ac"), "argument 1 changed", id="a letter"),
        pytest.param(Case(["a", "bc"]), Case(["ab", "c"]), "argument 1 changed", id="a border"),
        pytest.param(Case({"a": 1}), Case({"b": 1}), "argument 1 changed", id="a field's name"),
        pytest.param(Case(1, 2, 3), Case(1, 5, 6), "argument 2, 3 changed", id="two arguments"),
        pytest.param(Case(1), Case(1, 2), "there are 2 arguments, and were 1", id="one more"),
        pytest.param(Case(1, nargout=2), Case(1), "nargout is None, and was 2", id="nargout"),
        pytest.param(Case(1, seed=1), Case(1, seed=2), "the seed changed", id="the seed"),
        pytest.param(
            Case(Function("f", 1.0)), Case(Function("f", 2.0)), "argument 1 changed", id="bound"
        ),
        pytest.param(
            Case(Function(octave="@(x) k * x", python=np.sin, k=1.0)),
            Case(Function(octave="@(x) k * x", python=np.sin, k=2.0)),
            "argument 1 changed",
            id="a variable of a handle",
        ),
        pytest.param(
            Case(scipy.sparse.csc_array(np.eye(2))), Case(np.eye(2)), "argument 1 changed",
            id="sparse",
        ),
    ],
)  # fmt: skip
def test_what_differs_is_said(one, other, said):
    assert call_of(other).differences(call_of(one)) == said


def test_what_octave_cannot_get_is_refused():
    with pytest.raises(UnsupportedValueError):
        call_of(Case(object()))


def test_the_functions_that_handles_name_are_found():
    case = Case(Function("cost", Function(octave="@(p) half (p)", python=abs)), [Function("f")])
    assert {"cost", "half", "f"} <= called_names(case)
    assert called_names(Case(1.0, "text")) == set()


# Other machines

MIXED = Case(
    X, 3, 0.25, row(X), [X, "text"], {"a": 1j}, np.array([1, 2]), Function("f", X), np.float32(0.5)
)


def test_measured_numbers_are_found_in_order():
    found = [np.asarray(one).tolist() for one in floats(MIXED)]
    assert found == [X.tolist(), 0.25, X.tolist(), X.tolist(), 1j, X.tolist(), 0.5]


def test_changed_numbers_stand_where_the_others_stood():
    doubled = with_floats(MIXED, lambda value: value * 2)
    assert [np.asarray(one).tolist() for one in floats(doubled)] == [
        (np.asarray(one) * 2).tolist() for one in floats(MIXED)
    ]
    assert call_of(with_floats(doubled, lambda value: value / 2)) == call_of(MIXED)
    assert (doubled.args[1], doubled.args[4][1]) == (3, "text")


def test_the_shape_is_what_is_left_without_the_numbers():
    assert shape_of(Case(X, 1)) == shape_of(Case(2 * X, 1))
    assert shape_of(Case(X, 1)) != shape_of(Case(X, 2))
    assert shape_of(Case(X)) != shape_of(Case(row(X)))
    assert shape_of(Case(np.array([np.nan, np.inf]))) == shape_of(Case(np.zeros(2)))
    assert shape_of(Case(X, seed=1)) != shape_of(Case(X, seed=2))


@pytest.mark.parametrize(
    ("own", "recorded", "expected"),
    [
        pytest.param(X, X * (1 + 2.0**-52), True, id="an ulp"),
        pytest.param(X, X + 1e-9, False, id="more"),
        pytest.param(np.array([1.0, 1e-20]), np.array([1.0, 0.0]), True, id="beside a large one"),
        pytest.param(np.array([np.nan, 1.0]), np.array([np.nan, 1.0]), True, id="NaN"),
        pytest.param(np.array([np.inf, 1.0]), np.array([-np.inf, 1.0]), False, id="Inf"),
        pytest.param(np.array([np.nan, 1.0]), np.array([1.0, 1.0]), False, id="NaN and a number"),
        pytest.param(X, X[:2], False, id="another size"),
        pytest.param(X, X.astype("f4"), False, id="another class"),
        pytest.param(np.zeros(0), np.zeros(0), True, id="no element"),
    ],
)
def test_numbers_are_alike_but_for_the_last_places(own, recorded, expected):
    assert like([own], [recorded], 16) is expected


def test_another_count_of_numbers_is_not_alike():
    assert not like([X], [X, X], 16)
