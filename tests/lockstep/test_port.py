"""The Python side: how a port is found and called, and what its nudged calls move."""

import sys
from types import SimpleNamespace

import numpy as np
import pytest

from lockstep.project.cases import Case, Function, row
from lockstep.project.pairs import Pair, find_project
from lockstep.sides.port import Port, PortError
from lockstep.sides.results import MISSING, split

CALLED = Pair("f", None)


@pytest.fixture
def call(foreign):
    """Call the port f of the foreign project, from the text of its module."""

    def called(text, *args, **options):
        foreign.py("f", text)
        return Port(foreign.project).call(CALLED, Case(*args, **options))

    return called


@pytest.fixture
def nudged(foreign):
    """Return what f(x) = x is called with in run number `run` of nudged calls."""
    foreign.py("f", "def f(*args):\n    return args\n")
    port = Port(foreign.project)

    def called(*args, run=0):
        found = port.call_nudged(CALLED, Case(*args), run)
        return found[0] if len(args) == 1 else found

    return called


# Finding it


def test_a_folder_holds_a_module_for_each_function(foreign):
    foreign.py("f", "def f():\n    return 3\n")
    assert Port(foreign.project).function("f")() == 3


def test_a_package_holds_a_module_for_each_function_or_the_function_itself(package):
    port = Port(find_project(package.root))
    assert port.function("double")(3) == 6
    assert port.function("half")(3) == 1.5


def test_a_module_holds_all_functions(foreign, monkeypatch):
    (foreign.root / "all_in_one.py").write_text("def f():\n    return 4\n")
    monkeypatch.syspath_prepend(foreign.root)
    project = find_project(foreign.root, octave="matlab", port="all_in_one", cases="cases")
    assert Port(project).function("f")() == 4


def test_a_package_below_the_root_need_not_be_installed(foreign):
    (foreign.root / "local_package").mkdir()
    (foreign.root / "local_package" / "__init__.py").write_text("")
    (foreign.root / "local_package" / "f.py").write_text("def f():\n    return 5\n")
    project = find_project(foreign.root, octave="matlab", port="local_package", cases="cases")
    assert Port(project).function("f")() == 5


def test_modules_of_the_folder_import_each_other(foreign):
    foreign.py("g", "def g():\n    return 6\n")
    foreign.py("f", "from g import g\ndef f():\n    return g()\n")
    assert Port(foreign.project).function("f")() == 6


@pytest.mark.parametrize("name", ["bisect", "statistics", "signal"])
def test_a_module_of_the_same_name_elsewhere_is_not_taken(foreign, name):
    __import__(name)
    foreign.py(name, f"def {name}():\n    return 'ported'\n")
    assert Port(foreign.project).function(name)() == "ported"


def test_a_missing_function_is_named(foreign):
    with pytest.raises(PortError, match=r"no Python function f in .*port; there: "):
        Port(foreign.project).function("f")


def test_a_module_without_its_function_is_no_port(foreign):
    foreign.py("f", "F = 1\n")
    with pytest.raises(PortError, match="no Python function f"):
        Port(foreign.project).function("f")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param(
            "import not_there", "ModuleNotFoundError: No module named 'not_there'", id="m"
        ),
        pytest.param("def f(:", "SyntaxError", id="syntax"),
        pytest.param("1 / 0", "ZeroDivisionError: division by zero", id="raises"),
    ],
)
def test_a_module_that_cannot_be_imported_says_why(foreign, text, said):
    foreign.py("f", text)
    with pytest.raises(PortError, match="the port of f cannot be imported: ") as caught:
        Port(foreign.project).function("f")
    assert said in str(caught.value)


# Calling it


def test_a_call_gives_result_time_and_what_was_printed(call):
    reply = call("def f(x):\n    print('x is', x)\n    return x + 1\n", 2.0)
    assert (reply.result, reply.printed, reply.changed) == (3.0, "x is 2.0\n", [])
    assert reply.seconds > 0


@pytest.mark.parametrize(
    ("change", "argument", "changed"),
    [
        pytest.param("x.sum()", np.ones(2), False, id="nothing"),
        pytest.param("x[0] = 5", np.ones(2), True, id="array"),
        pytest.param("x[0] = 5", row([1.0, 2.0]), True, id="row"),
        pytest.param("x[0] = np.nan", np.array([np.nan]), False, id="NaN stays NaN"),
        pytest.param("x['a'][0] = 5", {"a": np.ones(2)}, True, id="array in a dict"),
        pytest.param("x[1][0] = 5", [1.0, np.ones(2)], True, id="array in a list"),
        pytest.param("x['a'] = 5.0", {"a": 1.0}, True, id="number in a dict"),
        pytest.param("x['b'] = 5.0", {"a": 1.0}, True, id="new field"),
        pytest.param("x.pop('a')", {"a": 1.0}, True, id="field removed"),
        pytest.param("x[0] = 'b'", ["a"], True, id="text in a list"),
        pytest.param("x.append(2.0)", [1.0], True, id="longer list"),
        pytest.param("x[0] = 5.0", [np.ones(2)], True, id="number for an array"),
        pytest.param("x['a'] = None", {"a": {"b": 1.0}}, True, id="None for a struct"),
        pytest.param("x.resize(3, refcheck=False)", np.ones(2), True, id="size"),
        pytest.param("x[0] = 5.0", np.array([1.0, "a"], dtype=object), True, id="array of objects"),
    ],
)
def test_an_argument_changed_in_place_is_reported(call, change, argument, changed):
    assert call(f"def f(x, y):\n    {change}\n", argument, 0.0).changed == [1] * changed


def test_the_arguments_are_copies(call):
    argument = np.ones(2)
    call("def f(x):\n    x[0] = 5\n", argument)
    assert argument.tolist() == [1, 1]


def test_a_function_of_a_pair_gets_its_bound_arguments_last(foreign):
    foreign.py("g", "def g(x, y):\n    return x - y\n")
    foreign.py("f", "def f(g):\n    return g(10.0)\n")
    assert Port(foreign.project).call(CALLED, Case(Function("g", 4.0))).result == 6.0


def test_a_function_gets_its_python_side_below_lists_too(call):
    function = Function(octave="@(x) x + 1", python=lambda x: x + 1)
    assert call("def f(x):\n    return x[0]['g'](1)\n", [{"g": function}]).result == 2


def test_a_seed_calls_the_ports_own_rand(foreign):
    foreign.py("rand", "calls = []\n\ndef rand(*args):\n    calls.append(args)\n")
    foreign.py("f", "import rand\ndef f():\n    return rand.calls\n")
    assert Port(foreign.project).call(CALLED, Case(seed=3)).result == [("twister", 3)]


def test_without_a_seed_rand_is_not_called(foreign):
    foreign.py("rand", "def rand(*args):\n    raise AssertionError\n")
    foreign.py("f", "def f():\n    return 1\n")
    assert Port(foreign.project).call(CALLED, Case()).result == 1


def test_a_seed_without_rand_is_an_error(call):
    with pytest.raises(PortError, match=r'has no function rand to seed; .*rand\("twister", seed\)'):
        call("def f():\n    return 1\n", seed=3)


def test_a_rand_that_cannot_be_imported_says_why(foreign, call):
    foreign.py("rand", "import not_there\n")
    with pytest.raises(PortError, match="not_there"):
        call("def f():\n    return 1\n", seed=3)


@pytest.mark.parametrize(
    ("result", "declared", "count", "found"),
    [
        pytest.param(1, "function y = f()", 1, [1], id="one"),
        pytest.param((1, 2), "function y = f()", 1, [(1, 2)], id="a tuple is one output"),
        pytest.param((1, 2), "function [a, b] = f()", 2, [1, 2], id="two"),
        pytest.param((1, 2), "function [a, b] = f()", 1, [1], id="the first of two"),
        pytest.param((1, 2), "function varargout = f()", 2, [1, 2], id="varargout"),
        pytest.param(None, "function f()", 0, [], id="none"),
        pytest.param(1.0, "function [a, b] = f()", 1, [1.0], id="one value where one is asked for"),
        pytest.param([1, 2], "function [a, b] = f()", 2, [1, 2], id="a list of all"),
        pytest.param({"b": 2, "a": 1}, "function [a, b] = f()", 2, [1, 2], id="dict"),
        pytest.param({"A_": 1, "b": 2}, "function [a, b] = f()", 1, [1], id="dict, the first"),
        pytest.param(SimpleNamespace(b=2, a=1), "function [a, b] = f()", 2, [1, 2], id="object"),
    ],
)
def test_the_result_is_split_into_outputs(tmp_path, result, declared, count, found):
    (tmp_path / "f.m").write_text(f"{declared}\nend\n")
    assert split(result, Pair("f", tmp_path / "f.m"), [None] * count) == found


@pytest.mark.parametrize(
    ("result", "count", "said"),
    [
        pytest.param(np.ones(2), 2, "must return them as a tuple, not as one ndarray", id="array"),
        pytest.param([1, 2, 3], 2, "not as one list", id="longer list"),
        pytest.param((1,), 2, "Octave gave 2 outputs, the port returned 1", id="too few"),
    ],
)
def test_a_port_returns_all_outputs_as_a_tuple(tmp_path, result, count, said):
    (tmp_path / "f.m").write_text("function [a, b] = f()\nend\n")
    with pytest.raises(PortError, match=said):
        split(result, Pair("f", tmp_path / "f.m"), [None] * count)


V1, V2 = np.array([1.0, 3.0]), np.array([2.0])


def cell(*items):
    """Build a cell as Octave's outputs have it."""
    found = np.empty((1, len(items)), dtype=object)
    for place, item in enumerate(items):
        found[0, place] = item
    return found


@pytest.mark.parametrize(
    ("result", "octave", "found"),
    [
        ([V1, V2], [cell(V1, V2), 3.0], [[V1, V2], MISSING]),
        ([V1], [cell(V1, V2), 3.0], [[V1], MISSING]),
        ([V1, V2, V1], [cell(V1, V2, V1), 3.0], [[V1, V2, V1], MISSING]),
        (["a", "b"], [cell("a", "b"), 3.0], [["a", "b"], MISSING]),
        ([], [cell(), 3.0], [[], MISSING]),
        ([[V1], 3.0], [cell(V1), 3.0], [[V1], 3.0]),
        ([cell(V1), 3.0], [cell(V1), 3.0], [cell(V1), 3.0]),
        ([2.0, 3.0], [2.0, 3.0], [2.0, 3.0]),
    ],
    ids=["as many as outputs", "fewer", "more", "texts", "nothing", "a list of all",
         "a list with a cell", "numbers"],
)  # fmt: skip
def test_a_list_is_the_first_output_where_that_is_a_cell(tmp_path, result, octave, found):
    (tmp_path / "f.m").write_text("function [a, b] = f()\nend\n")
    assert repr(split(result, Pair("f", tmp_path / "f.m"), octave)) == repr(found)


# Nudging it


def parts(numbers):
    """Return all numbers in one row, real and imaginary parts apart."""
    numbers = np.ravel(numbers)
    return np.concatenate([numbers.real, numbers.imag]) if np.iscomplexobj(numbers) else numbers


@pytest.mark.parametrize(
    "argument",
    [
        pytest.param(np.array([0.1, -2.5, 1e300]), id="array"),
        pytest.param(np.array([[0.1, 0.2], [0.3, 0.4]]).T, id="matrix, transposed"),
        pytest.param(row([0.1, 0.2]), id="row"),
        pytest.param(0.1, id="scalar"),
        pytest.param(np.float32([0.1, 0.2]), id="single"),
        pytest.param(np.float32(0.1), id="single scalar"),
        pytest.param(0.1 + 0.2j, id="complex"),
        pytest.param(np.array([0.1 + 0.2j, 0.3 - 0.4j]), id="complex array"),
        pytest.param(np.complex64(0.1 + 0.2j), id="complex single"),
        pytest.param(np.array([1e-310]), id="denormal"),
    ],
)
def test_every_number_moves_by_one_ulp(nudged, argument):
    value = getattr(argument, "vector", argument)
    numbers = parts(value)
    infinity = numbers.dtype.type(np.inf)
    for run in range(4):
        moved = nudged(argument, run=run)
        assert (np.asarray(moved).dtype, np.shape(moved)) == (
            np.asarray(value).dtype,
            np.shape(value),
        )
        up, down = np.nextafter(numbers, infinity), np.nextafter(numbers, -infinity)
        assert np.all((parts(moved) == up) | (parts(moved) == down))


def test_a_run_is_repeatable_and_the_runs_differ(nudged):
    argument = np.full(100, 0.1)
    assert np.array_equal(nudged(argument, run=1), nudged(argument, run=1))
    assert not np.array_equal(nudged(argument, run=1), nudged(argument, run=2))


def test_numbers_move_up_and_down(nudged):
    moved = nudged(np.full(100, 0.1))
    assert np.any(moved > 0.1)
    assert np.any(moved < 0.1)


@pytest.mark.parametrize(
    "whole",
    [
        pytest.param(3.0, id="number"),
        pytest.param(np.array([1.0, 2.0]), id="array"),
        pytest.param(np.array([1, 2]), id="integers"),
        pytest.param(np.array([1.0, np.nan]), id="with NaN"),
        pytest.param(np.array([True]), id="logical"),
        pytest.param(1 + 2j, id="complex"),
        pytest.param("text", id="text"),
        pytest.param(None, id="[]"),
        pytest.param(np.zeros(0), id="empty"),
    ],
)
def test_whole_numbers_stay_beside_others(nudged, whole):
    """They are sizes, labels and counts, which are exact."""
    found, other = nudged(whole, 0.1)
    np.testing.assert_equal(found, whole)
    assert other != 0.1


@pytest.mark.parametrize(
    "whole",
    [
        pytest.param(np.array([1.0, -2.0, 0.0]), id="array"),
        pytest.param(row([1.0, 2.0]), id="row"),
        pytest.param(3.0, id="number"),
        pytest.param(np.array([1, 2]), id="integers"),
    ],
)
def test_whole_numbers_stay_where_there_is_nothing_else(nudged, whole):
    np.testing.assert_array_equal(nudged(whole), getattr(whole, "vector", whole))


def test_whole_numbers_stay_within_an_array(nudged):
    moved = nudged(np.array([1.0, 0.1, 2.0, 2.0**60]))
    assert moved[[0, 2]].tolist() == [1.0, 2.0]
    assert np.all(moved[[1, 3]] != [0.1, 2.0**60])  # from 2^53 on all floats are whole


@pytest.mark.parametrize(
    "value",
    [
        pytest.param(0.0, id="zero"),
        pytest.param(-0.0, id="minus zero"),
        pytest.param(np.inf, id="Inf"),
        pytest.param(-np.inf, id="-Inf"),
        pytest.param(np.nan, id="NaN"),
    ],
)
def test_what_is_exact_by_nature_stays_beside_numbers_that_move(nudged, value):
    for run in range(4):
        moved = nudged(np.array([value, 0.1]), run=run)
        assert moved[1] != 0.1
        np.testing.assert_equal(moved[0], value)
        assert np.signbit(moved[0]) == np.signbit(value)


def test_an_infinite_part_of_a_complex_number_leaves_the_other_part_alone(nudged):
    moved = nudged(np.array([complex(0.1, np.inf)]))
    assert moved.imag == np.inf
    assert abs(moved.real - 0.1) == pytest.approx(2**-56, rel=1e-12)  # 0.1 is in [2^-4, 2^-3)


def test_numbers_move_below_lists_dicts_and_bound_arguments(nudged):
    moved = nudged([{"a": 0.1}, (0.2, "text")])
    assert moved[0]["a"] != 0.1
    assert moved[1][0] != 0.2
    assert moved[1][1] == "text"


def test_bound_arguments_of_a_pair_move(foreign):
    foreign.m("g", "function y = g(x, k)\nend\n")
    foreign.py("g", "def g(x, k):\n    return repr(float(k))\n")  # a text: results move too
    foreign.py("f", "def f(g):\n    return g('text')\n")
    found = Port(foreign.project).call_nudged(CALLED, Case(Function("g", 0.1)), 0)
    assert float(found) in (np.nextafter(0.1, 0), np.nextafter(0.1, 1))


def test_what_a_function_handle_returns_moves(foreign):
    foreign.py("f", "def f(g):\n    return g()\n")
    handle = Function(octave="@() 0.1", python=lambda: (0.1, "text"))
    number, text = Port(foreign.project).call_nudged(CALLED, Case(handle), 0)
    assert text == "text"
    assert number != 0.1
    assert number == pytest.approx(0.1, rel=2**-51)


WITHIN = """
from g import g
from h import h

def f(fails):
    if fails:
        raise ValueError('refused')
    return g(), h()
"""


@pytest.fixture
def within(foreign):
    """Make a port f that calls g, the port of a pair, and h, a helper that is none."""
    foreign.m("g", "function y = g()\nend\n")
    foreign.py("g", "def g():\n    return 0.7 / 7\n")
    foreign.py("h", "def h():\n    return 0.1\n")
    foreign.py("f", WITHIN)
    return Port(foreign.project)


def test_what_is_computed_inside_moves(within):
    computed, constant = within.call_perturbed(CALLED, Case(False), 0)
    assert computed in (np.nextafter(0.7 / 7, 0), np.nextafter(0.7 / 7, 1))
    assert constant == 0.1


@pytest.mark.parametrize("fails", [False, True])
def test_the_port_is_itself_again_after_a_nudged_call(within, fails):
    function = within.function("f")
    inner = function.__globals__["g"]
    if fails:
        with pytest.raises(ValueError, match="refused"):
            within.call_nudged(CALLED, Case(True), 0)
    else:
        within.call_nudged(CALLED, Case(False), 0)
    assert function.__globals__["g"] is inner
    assert sys.modules["g"].g is inner
    assert within.call(CALLED, Case(False)).result == (0.7 / 7, 0.1)


def test_a_named_tuple_from_within_moves_and_keeps_its_names(foreign):
    foreign.m("g", "function y = g()\nend\n")
    foreign.py("g", "def g():\n    return np.linalg.eigh(np.array([[0.1, 0.0], [0.0, 0.2]]))\n")
    foreign.py("f", "from g import g\ndef f():\n    return g().eigenvalues\n")
    found = Port(foreign.project).call_nudged(CALLED, Case(), 0)
    assert not np.array_equal(found, [0.1, 0.2])
    np.testing.assert_allclose(found, [0.1, 0.2], rtol=2**-50)


def test_a_nudged_call_seeds_and_prints_nothing(foreign, capsys):
    foreign.py("rand", "def rand(*args):\n    rand.seen = args\n")
    foreign.py("f", "from rand import rand\ndef f():\n    print('f')\n    return rand.seen\n")
    assert Port(foreign.project).call_nudged(CALLED, Case(seed=3), 0) == ("twister", 3)
    assert capsys.readouterr().out == ""


def test_another_python_side_is_called_in_place_of_the_port(foreign):
    foreign.py("f", "def f(x):\n    return 'port'\n")
    port = Port(foreign.project)
    assert port.call(CALLED, Case(0.1), side=lambda x: x).result == 0.1
    assert port.call_nudged(CALLED, Case(0.1), 0, side=lambda x: x) != 0.1
