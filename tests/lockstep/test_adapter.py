"""How the arguments of a case reach the port, and its result comes back."""

import inspect

import numpy as np
import pytest

from lockstep.model.values import Row
from lockstep.project.cases import Case, row
from lockstep.project.conventions import read_conventions
from lockstep.project.pairs import Pair
from lockstep.sides.adapter import Adapter, parameter_names
from lockstep.sides.likening import likened
from lockstep.sides.port import Port
from lockstep.sides.port_modules import PortError
from lockstep.sides.results import members

PAIR = Pair("f", None)


def adapter(**declared):
    return Adapter(PAIR, read_conventions(declared, "here"))


def plain(value):
    """Show type, shape and value."""
    vector = value.vector if isinstance(value, Row) else value
    return type(value).__name__, np.shape(vector), np.asarray(vector).tolist()


@pytest.mark.parametrize(
    ("declared", "value", "found"),
    [
        pytest.param({}, 2.0, ("float", (), 2.0), id="nothing declared"),
        pytest.param({}, row([1.0]), ("Row", (1,), [1.0]), id="a row stays one"),
        pytest.param({"vectors": "columns"}, 2.0, ("float", (), 2.0), id="scalar"),
        pytest.param({"vectors": "columns"}, "text", ("str", (), "text"), id="text"),
        pytest.param(
            {"vectors": "columns"}, np.eye(2), ("ndarray", (2, 2), np.eye(2).tolist()), id="matrix"
        ),
        pytest.param(
            {"vectors": "columns"}, row([1, 2]), ("ndarray", (2, 1), [[1], [2]]), id="row"
        ),
        pytest.param({"vectors": "rows"}, np.arange(2), ("ndarray", (1, 2), [[0, 1]]), id="to row"),
        pytest.param({"vectors": "octave"}, row([1, 2]), ("ndarray", (1, 2), [[1, 2]]), id="as is"),
        pytest.param({"vectors": "lists"}, row([1, 2]), ("list", (2,), [1, 2]), id="list"),
        pytest.param({"vectors": "flat"}, np.ones((1, 2)), ("ndarray", (2,), [1, 1]), id="flat"),
        pytest.param({"indices": ["argument 1"]}, 3.0, ("int", (), 2), id="index"),
        pytest.param({"indices": ["argument 1"]}, np.ones(2), ("ndarray", (2,), [0, 0]), id="many"),
        pytest.param({"axes": ["argument 1"]}, 1, ("int", (), 0), id="axis"),
        pytest.param({"axes": ["argument 1"]}, None, ("NoneType", (), None), id="no axis"),
        pytest.param({"integers": "scalars"}, 3.0, ("int", (), 3), id="whole scalar"),
        pytest.param({"integers": "scalars"}, 3.5, ("float", (), 3.5), id="not whole"),
        pytest.param({"integers": "scalars"}, np.inf, ("float", (), np.inf), id="infinite"),
        pytest.param(
            {"integers": ["argument 1"]}, np.ones(2), ("ndarray", (2,), [1, 1]), id="whole array"
        ),
    ],
)
def test_an_argument(declared, value, found):
    assert plain(adapter(**declared).argument(1, value)) == found


def test_an_index_is_whole_even_when_it_was_nudged():
    found = adapter(indices=["argument 1"]).argument(1, np.nextafter(3.0, 4))
    assert (type(found), found) == (int, 2)


def test_row_major_there_and_back():
    one = adapter(row_major={"argument 1": (2, 3), "output 1": (2, 3)})
    matrix = np.arange(6.0).reshape(2, 3)
    there = one.argument(1, matrix.ravel(order="F"))
    assert there.tolist() == matrix.ravel().tolist()
    back = one.outputs(there, [matrix.reshape(-1, 1, order="F")])[0]
    assert back.ravel().tolist() == matrix.ravel(order="F").tolist()


def bound(function, args, **declared):
    found = adapter(**declared).bind(function, args)
    return found.args, found.kwargs


@pytest.mark.parametrize(
    ("signature", "declared", "found"),
    [
        pytest.param("a, b", {}, ([1, 2], {}), id="as it is"),
        pytest.param("a, b", {"arguments": ["b", "a"]}, ([], {"b": 1, "a": 2}), id="by name"),
        pytest.param("a, b, /", {"arguments": ["b", "a"]}, ([2, 1], {}), id="positional only"),
        pytest.param("a, /, b", {"arguments": ["b", "a"]}, ([2], {"b": 1}), id="one of them"),
        pytest.param("*args", {"arguments": [1, 0]}, ([2, 1], {}), id="places"),
        pytest.param("a", {"arguments": [None, "a"]}, ([], {"a": 2}), id="not passed"),
        pytest.param("a, b, *, c", {"extra": {"c": 3}}, ([1, 2], {"c": 3}), id="extra"),
    ],
)
def test_a_call(signature, declared, found):
    space = {}
    exec(f"def f({signature}): ...", space)
    assert bound(space["f"], [1, 2], **declared) == found


@pytest.mark.parametrize(
    ("declared", "said"),
    [
        pytest.param(
            {"arguments": ["a"]}, "names 1 parameters of the port, the case has 2", id="n"
        ),
        pytest.param({"keywords": ["argument 1"]}, "argument 1 of the case is no struct", id="kw"),
        pytest.param({"options_from": 1}, "no names and values in turn", id="options"),
    ],
)
def test_what_does_not_fit_a_case_is_said(declared, said):
    with pytest.raises(PortError, match=said):
        bound(lambda a, b: None, [1, 2], **declared)


def test_what_is_called_is_the_function_itself(foreign):
    foreign.py("f", "import inspect\ndef f(x):\n    return inspect.stack()[1].function\n")
    foreign.cases("f", "vectors = 'columns'\ncases = {'one': (1.0,)}")
    port = Port(foreign.project)
    assert port.call(PAIR, Case(np.ones(2))).result == "_called"
    assert inspect.unwrap(port.function("f")) is port.function("f")


def test_a_change_in_place_is_seen_below_a_convention(foreign):
    foreign.py("f", "def f(k, x):\n    x[0] = 5\n")
    foreign.cases("f", "arguments = ['x', 'k']\nvectors = 'columns'\ncases = {'one': (1.0,)}")
    assert Port(foreign.project).call(PAIR, Case(np.ones(2), 1.0)).changed == [1]


def test_nudged_calls_follow_the_conventions(foreign):
    foreign.py("f", "def f(k, x):\n    assert x.shape == (2, 1)\n    return x\n")
    foreign.cases("f", "arguments = ['x', 'k']\nvectors = 'columns'\ncases = {'one': (1.0,)}")
    found = Port(foreign.project).call_nudged(PAIR, Case(np.array([0.1, 0.2]), 1.0), 0)
    assert found.shape == (2, 1)
    assert np.all(found.ravel() != [0.1, 0.2])


def test_another_python_side_is_called_as_octave_is(foreign):
    foreign.py("f", "def f(k, x):\n    return k\n")
    foreign.cases("f", "arguments = ['x', 'k']\ncases = {'one': (1.0,)}")
    reply = Port(foreign.project).call(PAIR, Case(1.0, 2.0), lambda x, k: (x, k))
    assert reply.result == (1.0, 2.0)


def test_parameters_that_can_be_named():
    assert parameter_names(lambda a, /, b, *c, d, **e: None) == ["b", "d"]
    assert parameter_names(dict) == []


@pytest.mark.parametrize("value", [np.ones(2), 1.0, "a", [1], (1,), np.float64(2)])
def test_values_have_no_members(value):
    assert members(value) == {}


def test_the_slots_of_an_object_are_members():
    class Slotted:
        __slots__ = ("a", "b")

    one = Slotted()
    one.a = 3
    assert members(one) == {"a": 3}


@pytest.mark.parametrize(
    ("value", "octave", "dtype"),
    [
        pytest.param(np.array([1, 2]), np.ones((2, 1)), "float64", id="int64"),
        pytest.param(np.array([True]), np.ones((1, 1)), "float64", id="bool"),
        pytest.param(np.array([1.0, 0]), np.ones((2, 1), bool), "bool", id="to logical"),
        pytest.param(np.array([1.0, 2]), np.ones((2, 1), bool), "float64", id="not logical"),
        pytest.param(np.array([1.0, 300]), np.ones((2, 1), np.uint8), "float64", id="beyond"),
        pytest.param(np.array([1.0, 30]), np.ones((2, 1), np.uint8), "uint8", id="to uint8"),
        pytest.param(np.array([1.5]), np.ones((1, 1), np.int32), "float64", id="not whole"),
        pytest.param(np.array([1 + 2j]), np.ones((1, 1)), "complex128", id="complex stays"),
        pytest.param(np.array([0.1]), np.ones((1, 1), np.float32), "float32", id="single"),
    ],
)
def test_a_class_is_likened_where_no_value_changes(value, octave, dtype):
    found = likened(value, octave, False, True, "")
    assert found.dtype == dtype
    assert np.allclose(found, value)


def test_complex_columns_are_free_in_their_phase():
    octave = np.array([[1, 2j], [1j, 1]])
    assert np.allclose(likened(octave * [1j, -1], octave, False, False, "column signs"), octave)
