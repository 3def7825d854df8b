"""What a pair is called with, and what is said of a cases file that cannot be used."""

import numpy as np
import pytest

from lockstep.model.values import OctaveFunction, Row
from lockstep.project.cases import (
    Case,
    CasesError,
    Function,
    load_cases,
    map_leaves,
    octave_side,
    row,
)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        pytest.param("cases = {'a': (1.0,), 'b': ()}", ["a", "b"], id="dict"),
        pytest.param("cases = {'b': Case(1.0), 'a': (2.0,)}", ["b", "a"], id="in the file's order"),
        pytest.param("def cases():\n    return {'a': (1.0,)}", ["a"], id="function"),
        pytest.param(
            "def cases():\n    for i in range(2):\n        yield f'n = {i}', (i,)",
            ["n = 0", "n = 1"],
            id="generator",
        ),
        pytest.param("cases = [('a', (1.0,)), ('b', (2.0,))]", ["a", "b"], id="list of items"),
    ],
)
def test_loads_cases(foreign, text, names):
    cases = load_cases(foreign.cases("f", text)).cases
    assert list(cases) == names
    assert all(isinstance(case, Case) for case in cases.values())


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param("", "has no `cases`", id="nothing"),
        pytest.param("cases = {}", "`cases` is empty", id="empty"),
        pytest.param("def cases():\n    return ()", "`cases` is empty", id="function of nothing"),
        pytest.param("cases = {'a': 1.0}", "case 'a' must be a tuple or a Case, not float", id="1"),
        pytest.param("cases = {'a': (1.0)}", "write ('a', (value,)) with a comma", id="no comma"),
        pytest.param("cases = {'a': [1.0]}", "not list", id="list of arguments"),
        pytest.param("cases = {1: (1.0,)}", "must be a dict, or yield (name, arguments)", id="key"),
        pytest.param("cases = [1.0]", "must be a dict, or yield (name, arguments)", id="no pairs"),
        pytest.param("cases = 3", "cannot be made: TypeError", id="number"),
        pytest.param("cases = [('a', ()), ('a', ())]", "there are two cases 'a'", id="twice"),
        pytest.param("def cases():\n    return 1 / 0", "made: ZeroDivisionError", id="raises"),
        pytest.param("import nowhere", "imported: ModuleNotFoundError: No module", id="import"),
        pytest.param("cases = {", "cannot be imported: SyntaxError", id="syntax"),
        pytest.param("raise SystemExit(0)", "cannot be imported: SystemExit", id="exit"),
        pytest.param("cases = {'a': Case(nargout=-1)}", "nargout must be 0 or more", id="nargout"),
        pytest.param("cases = {'a': Case(ignore=(0,))}", "positions of outputs from 1", id="0"),
        pytest.param("cases = {'a': Case(nargot=1)}", "nargot", id="unknown option"),
        pytest.param("cases = {'a': (Function('f', octave='x'),)}", "Function needs", id="both"),
        pytest.param("cases = {'a': ()}\nsides = {'b': 1}", "`sides` must be a dict", id="sides"),
        pytest.param("cases = {'a': (row([[1.0]]),)}", "row takes a 1-D array, got", id="2-D row"),
    ],
)
def test_names_the_file_and_what_is_wrong(foreign, text, said):
    file = foreign.cases("f", text)
    with pytest.raises(CasesError) as caught:
        load_cases(file)
    assert str(file) in str(caught.value)
    assert said in str(caught.value)


def test_other_python_sides_stand_beside_the_cases(foreign):
    text = "cases = {'a': ()}\nsides = {'fast': abs}"
    assert load_cases(foreign.cases("f", text)).sides == {"fast": abs}


def test_without_sides_there_is_the_port_alone(foreign):
    assert load_cases(foreign.cases("f", "cases = {'a': ()}")).sides == {}


def test_a_case_holds_its_options():
    case = Case(1.0, "a", nargout=2, ignore=(1,), seed=3, raises="f:x")
    assert (case.args, case.nargout, case.ignore) == ((1.0, "a"), 2, (1,))
    assert (case.seed, case.raises) == (3, "f:x")


def test_a_case_compares_all_outputs_and_expects_no_error_unless_told():
    case = Case()
    assert (case.args, case.nargout, case.ignore, case.seed, case.raises) == (
        (),
        None,
        (),
        None,
        None,
    )


@pytest.mark.parametrize(
    ("arguments", "options"),
    [
        pytest.param((), {}, id="nothing"),
        pytest.param(("cost",), {"octave": "@sin", "python": np.sin}, id="pair and text"),
        pytest.param((), {"octave": "@sin"}, id="Octave's side alone"),
        pytest.param((), {"python": np.sin}, id="Python's side alone"),
        pytest.param(("cost",), {"python": np.sin}, id="pair and Python's side"),
    ],
)
def test_a_function_needs_both_sides(arguments, options):
    with pytest.raises(ValueError, match="name of a pair, or both octave= and python="):
        Function(*arguments, **options)


def test_a_pair_as_a_function_binds_its_last_arguments():
    made = Function("cost", 3.0, row([1.0])).for_octave()
    assert made.text == "@(varargin) cost(varargin{:}, bound_1_, bound_2_)"
    assert made.variables["bound_1_"] == 3.0
    assert isinstance(made.variables["bound_2_"], Row)


@pytest.mark.parametrize(
    "function",
    [
        pytest.param(Function("cost", Function("slope")), id="bound to a pair"),
        pytest.param(
            Function(octave="@(x) g(x)", python=abs, g=Function("slope")), id="variable of a text"
        ),
    ],
)
def test_a_function_in_a_function_gets_its_octave_side(function):
    inner = next(iter(function.for_octave().variables.values()))
    assert isinstance(inner, OctaveFunction)
    assert inner.text == "@(varargin) slope(varargin{:})"


def test_functions_are_found_below_lists_tuples_and_dicts():
    found = octave_side({"a": [Function("f"), (Function("f"), 1.0)]})
    assert isinstance(found["a"][0], OctaveFunction)
    assert isinstance(found["a"][1][0], OctaveFunction)
    assert found["a"][1][1] == 1.0


def test_map_leaves_keeps_the_form():
    assert map_leaves({"a": [1, (2, 3)], "b": 4}, lambda x: 10 * x) == {
        "a": [10, (20, 30)],
        "b": 40,
    }


def test_map_leaves_keeps_a_named_tuple():
    """np.linalg and scipy return them, from within a port too."""
    found = np.linalg.eigh(np.eye(2))
    assert type(map_leaves(found, lambda x: x)) is type(found)


def test_map_leaves_keeps_the_class_of_a_dict():
    from scipy.optimize import OptimizeResult

    assert map_leaves(OptimizeResult(x=1.0), lambda x: 2 * x).x == 2.0
