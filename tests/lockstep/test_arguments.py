"""Values of Octave as arguments: they reach Octave as they were, and the port in its form."""

import numpy as np
import pytest

from lockstep.model.values import Handle, Map, Opaque, Row, StructArray
from lockstep.project.arguments import NoArgumentError, as_argument
from lockstep.project.cases import Case, Function, octave_side
from lockstep.project.literals import Literals

MADE = (
    *(
        "3",
        "0.5",
        "-0",
        "NaN",
        "[]",
        "zeros (0, 3)",
        "zeros (1, 0)",
        "[1 2 3]",
        "[1; 2]",
        "eye (2)",
    ),
    *("ones (2, 1, 2)", "1 + 2i", "[1 2i]", "complex (1, 0)", "single (0.1)", "single ([1 2])"),
    *("int8 (3)", "uint64 (18446744073709551615)", "int16 ([1; 2])", "zeros (0, 2, 'int32')"),
    *("true", "[true false]", "'text'", "''", "['ab'; 'cd']", "sparse ([0 2; 0 0])"),
    *(
        "{}",
        "cell (1, 0)",
        "cell (0, 3)",
        "{1, 'a'}",
        "{1; 'a'}",
        "{1, 2; 3, 4}",
        "{{1; 2}, [1 2]}",
        "{'a'; {[1; 2]}}",
    ),
    *("struct ('a', 1, 'b', 'c')", "struct ('a', {{1; 'x'}})"),
)


@pytest.mark.parametrize("text", MADE)
def test_what_octave_gave_reaches_it_again(octave, text):
    given = octave.call("made", text).outputs[0]
    back = octave.call("seen", octave_side(as_argument(given))).outputs
    assert repr(back) == repr(octave.call("seen", given).outputs)
    assert repr(octave.call("made", text).outputs[0]) == repr(back[0])


@pytest.mark.parametrize(
    "text", [one for one in MADE if one not in ("{{1; 2}, [1 2]}", "{'a'; {[1; 2]}}")]
)
def test_its_text_is_the_same_argument(octave, text):
    argument = as_argument(octave.call("made", text).outputs[0])
    literals = Literals()
    names = {"np": np, "row": Row, "Function": Function, "data": literals.arrays}
    names |= {"csc_array": __import__("scipy.sparse").sparse.csc_array}
    again = eval(literals.text(argument), names)
    seen = [octave.call("seen", octave_side(one)).outputs for one in (argument, again)]
    assert repr(seen[0]) == repr(seen[1])


def test_a_column_of_cells_is_a_list_to_the_port(judge):
    cells = np.array([["a"], ["bc"]], dtype=object)
    assert judge("[rows(x) numel(x{2})]", "np.array([[2.0, len(x[1])]])", cells).agrees


def test_nested_cells_are_lists_to_the_port(judge):
    cells = np.empty((2, 1), dtype=object)
    cells[:, 0] = [[1.0, 2.0], {"a": [3.0]}]
    result = judge(
        "x{1}{2} + x{2}.a{1}", "x[1]['a'][0] + (x[0][1] if isinstance(x, list) else 0)", cells
    )
    assert result.agrees


PAIRS = frozenset({"cost", "gradient"})


@pytest.mark.parametrize(
    ("handle", "bound"),
    [
        pytest.param(Handle("cost"), (), id="name"),
        pytest.param(Handle("@cost"), (), id="at"),
        pytest.param(Handle("@(p) cost (p)"), (), id="anonymous"),
        pytest.param(Handle("@(p, q) cost (p, q, a)", {"a": np.eye(1)}), (1,), id="bound"),
        pytest.param(Handle("@() cost (a)", {"a": np.eye(1)}), (1,), id="all bound"),
    ],
)
def test_a_handle_of_a_pair_is_the_pair(handle, bound):
    found = as_argument(handle, PAIRS)
    assert (found.pair, found.bound) == ("cost", bound)


@pytest.mark.parametrize(
    "text",
    [
        *("@(p) other (p)", "@(p) cost (q)", "@(p) cost (p, 2)", "@(p) cost (p) + 1"),
        *("@(p) cost (p, b)", "@(p, q) cost (q, p)", "@(x) x .^ 2"),
    ],
)
def test_a_handle_that_has_no_known_twin_is_refused(text):
    with pytest.raises(NoArgumentError, match="a function handle"):
        as_argument(Handle(text, {"a": np.eye(1)}), PAIRS)


def test_a_handle_that_numpy_has(judge):
    sine = as_argument(Handle("sin"))
    assert Literals().text(sine) == 'Function(octave="@sin", python=np.sin)'
    assert judge("x(1)", "x(1.0)", sine).agrees


def test_a_function_as_text():
    bound = Function("cost", np.array([1.0, 2.5]), Row(np.arange(2.0)))
    assert Literals().text(
        bound
    ) == 'Function("cost", np.array([1.0, 2.5]), row([0.0, 1.0]))'.replace('"cost"', "'cost'")


def test_a_function_that_is_code_has_no_text():
    with pytest.raises(NoArgumentError, match="whose Python side is code"):
        Literals().text(Function(octave="@(x) x", python=lambda x: x))


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (Opaque("cls", ""), "class cls cannot be sent"),
        (StructArray((0, 0), ()), "struct array cannot be sent"),
        (Map({}), "containers.Map cannot be sent"),
        (np.array([[1]], np.int64), "int64 would reach Octave as a double"),
    ],
)
def test_a_value_that_cannot_be_sent_is_refused(value, said):
    with pytest.raises(NoArgumentError, match=said):
        as_argument(value)


def test_what_a_person_would_write():
    assert type(as_argument(np.array([[3.0]]))) is int
    assert type(as_argument(np.array([[3.5]]))) is float
    assert Case(as_argument(np.ones((3, 1)))).args[0].shape == (3,)
    assert isinstance(as_argument(np.ones((1, 3))), Row)
