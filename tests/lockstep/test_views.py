"""What the page shows beside the programs: the chain rule, and a network of layers."""

import math

import numpy as np
import pytest
from executions import Project, execution_of, port_of

from lockstep import Chain, Network
from lockstep.explain.match import match
from lockstep.model.execution import Kind
from lockstep.page.chain import BY, Ways, chain_data
from lockstep.page.network import network_data
from lockstep.project.cases import CasesError, load_cases
from lockstep.sides.port_execution import ObservedPort
from lockstep.tracing import Traced


def ran(folder, a, y, x):
    """Run a port that gives a, then y, of x, and return what was seen."""
    port, pair = port_of(folder, FUNCTION.format(a, y))
    with ObservedPort(port, pair) as observed:
        return Project(port, pair, observed).run(x)[0]


def traced_of(octave, port):
    """Make a trace of two executions, without steps."""
    return Traced(None, [], match(octave, port))


# The chain rule

FUNCTION = """
    def f(x):
        a = {}
        y = {}
        return y

    def sigmoid(z):
        g = 1.0 / (1.0 + np.exp(-z))
        return g
    """


@pytest.mark.parametrize(
    ("a", "y", "function"),
    [
        pytest.param("3 * x", "a + 2", lambda x: 3 * x + 2, id="a literal on either side"),
        pytest.param("x * 3", "2 - a", lambda x: 2 - 3 * x, id="the other side"),
        pytest.param("x - 1", "-a", lambda x: 1 - x, id="minus"),
        pytest.param("x / 4", "(a - 1) / 2", lambda x: (x / 4 - 1) / 2, id="quotient"),
        pytest.param("4 / x", "a", lambda x: 4 / x, id="reciprocal"),
        pytest.param("(1 - x) ** 2", "a / 2", lambda x: (1 - x) ** 2 / 2, id="square"),
        pytest.param("x ** -1.5", "a", lambda x: x**-1.5, id="power"),
        pytest.param("2 ** x", "a", lambda x: 2**x, id="exponential"),
        pytest.param("x + 1", "a * x", lambda x: (x + 1) * x, id="two ways"),
        pytest.param("x + 1", "a / x", lambda x: (x + 1) / x, id="two operands"),
        pytest.param("x + 1", "a ** x", lambda x: (x + 1) ** x, id="both in a power"),
        pytest.param("np.exp(x)", "np.log(a + 1)", lambda x: math.log(math.exp(x) + 1), id="log"),
        pytest.param("np.sin(x)", "np.cos(a)", lambda x: math.cos(math.sin(x)), id="sine"),
        pytest.param("np.sqrt(x)", "np.tanh(a)", lambda x: math.tanh(math.sqrt(x)), id="root"),
        pytest.param(
            "sigmoid(x)", "sigmoid(2 * a)",
            lambda x: 1 / (1 + math.exp(-2 / (1 + math.exp(-x)))), id="through a call",
        ),
    ],
)  # fmt: skip
def test_the_product_of_the_factors_is_the_derivative(tmp_path, a, y, function):
    x = 0.7
    seen = ran(tmp_path, a, y, x)
    (start,) = seen.nodes(f"y = {y}", Kind.BINDING)
    ways = Ways(seen.execution, start, "x")
    ways.follow()
    expected = (function(x + 1e-6) - function(x - 1e-6)) / 2e-6
    assert sum(map(ways.product, ways.paths(start))) == pytest.approx(expected, rel=1e-7)


def test_a_way_goes_through_the_variables_of_the_function(tmp_path):
    seen = ran(tmp_path, "3 * x", "a * x", 0.5)
    (start,) = seen.nodes("y = a * x", Kind.BINDING)
    (between,) = seen.nodes("a = 3 * x", Kind.BINDING)
    ways = Ways(seen.execution, start, "x")
    ways.follow()
    assert sorted(ways.paths(start)) == [[start, BY], [start, between, BY]]
    assert ways.edges == {start: {BY: 1.5, between: 0.5}, between: {BY: 3.0}}


@pytest.mark.parametrize(
    ("view", "said"),
    [
        (Chain("nothing", "x"), "nothing was given no value in this case"),
        (Chain("a", "x"), "the derivative of np.floor(x) is not known"),
        (Chain("y", "z"), "y does not depend on z"),
    ],
)
def test_what_cannot_be_derived_says_why(tmp_path, view, said):
    seen = ran(tmp_path, "np.floor(x)", "2.0", 0.5)
    assert chain_data(view, traced_of(seen.execution, seen.execution))["note"] == said


def test_the_programs_own_value_stands_beside_it(tmp_path):
    seen = ran(tmp_path, "2.5 * x", "a * x", 0.3)
    data = chain_data(Chain("y", "x", "a"), traced_of(seen.execution, seen.execution))
    assert data["total"] == pytest.approx(1.5)
    assert data["recorded"] == {"octave": 0.75, "port": 0.75}
    assert [point["label"] for point in data["points"]] == ["y", "a", "x"]
    assert [edge["factor"] for edge in data["edges"]] == pytest.approx([0.75, 0.3, 2.5])


# A network

RANDOM = np.random.default_rng(1)


def network(examples=4, sizes=(3, 5, 2)):
    """Make the values of a network, an example a row, and what they are called."""
    bias = np.ones((examples, 1))
    values = {}
    for i, size in enumerate(sizes, start=1):
        units = RANDOM.normal(size=(examples, size))
        values[f"a{i}"] = units if i == len(sizes) else np.hstack([bias, units])
        if i > 1:
            values[f"d{i}"] = RANDOM.normal(size=(examples, size))
            values[f"T{i}"] = RANDOM.normal(size=(size, sizes[i - 2] + 1))
    return values


NAMES = Network(("a1", "a2", "a3"), ("T2", "T3"), ("d2", "d3"))


def shown(values, view=NAMES):
    """Return what is shown of a network, the same on both sides."""
    octave, port = (
        execution_of({name: [value] for name, value in values.items()}, Kind.BINDING)
        for _ in range(2)
    )
    return network_data(view, traced_of(octave, port))


def test_a_hidden_unit_has_the_weighted_sum_of_the_next_errors():
    values = network()
    octave = shown(values)["sides"]["octave"]
    hidden = octave["layers"][1]
    expected = sum(values["d3"][2, k] * values["T3"][k, 4] for k in range(2))
    assert hidden["sums"][2][4] == pytest.approx(expected, rel=1e-6)
    assert hidden["deltas"][2][4] == pytest.approx(values["d2"][2, 3], rel=1e-6)
    assert octave["weights"][1][1][4] == pytest.approx(values["T3"][1, 4], rel=1e-6)
    assert octave["weights"][0][5][2] == pytest.approx(values["T2"][4, 2], rel=1e-6)
    assert [layer["count"] for layer in octave["layers"]] == [4, 6, 2]
    assert octave["layers"][2]["sums"] is octave["layers"][0]["deltas"] is None


def test_both_sides_are_there():
    sides = shown(network())["sides"]
    assert sides["octave"] == sides["port"]


def test_one_example_may_be_a_column_in_a_cell():
    values = network(examples=1)
    cells = {
        "a": [values[f"a{i}"].T for i in (1, 2, 3)],
        "T": [values["T2"], values["T3"]],
        "d": [None, values["d2"].T, values["d3"].T],
    }
    found = shown(cells, Network(("a",), ("T",), ("d",)))["sides"]["octave"]
    assert found == shown(values)["sides"]["octave"]


def test_a_large_network_is_thinned():
    values = network(examples=50, sizes=(40, 30, 2))
    found = shown(values)["sides"]["octave"]
    assert (found["examples"], found["all_examples"]) == (20, 50)
    assert [len(layer["units"][0]) for layer in found["layers"]] == [26, 26, 2]
    assert [layer["count"] for layer in found["layers"]] == [41, 31, 2]
    first = found["layers"][0]
    assert (first["places"][0], first["places"][-1]) == (0, 40)
    assert first["units"][7] == pytest.approx(values["a1"][7, first["places"]], rel=1e-6)
    column = [row[25] for row in found["weights"][1]]
    assert column == pytest.approx(values["T3"][:, found["layers"][1]["places"][25]], rel=1e-6)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"a2": "text"}, "a2 is no matrix of real numbers"),
        ({"T3": None}, "T3 is no matrix of real numbers"),
    ],
)
def test_what_is_no_network_says_why(change, said):
    found = shown({**network(), **change})
    assert (found["note"], found["sides"]) == (said, {})


def test_a_variable_that_is_not_there_is_named():
    values = network()
    del values["d2"]
    assert shown(values)["note"] == "d2 was given no value in this case"


# Declared


def test_views_are_declared_in_the_cases_file(tmp_path):
    file = tmp_path / "f.py"
    file.write_text(
        "from lockstep import Chain\ncases = {'a': (1.0,)}\nviews = [Chain('y', 'x')]\n"
    )
    assert load_cases(file).views == (Chain("y", "x"),)
    file.write_text("cases = {'a': (1.0,)}\nviews = ['y']\n")
    with pytest.raises(CasesError, match="`views` must be a list of Chain"):
        load_cases(file)
